import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { V1Container, V1Pod } from '@kubernetes/client-node';
import type { Profile } from '../../charts/profile.ts';
import type { Container, Manifest } from '../../charts/validation/manifest.ts';
import { operatedPodOf } from '../../charts/validation/operated-pods.ts';
import { withForward } from '../../cli/cluster/forward.ts';
import { applyAll } from '../../cli/deploy/apply.ts';
import { synthesizedObjects } from '../../cli/deploy/manifests.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { eventually } from '../harness/eventually.ts';
import { openTestCluster, operatorRuns, type TestCluster } from './test-cluster.ts';

const namespace = 'smarteats-test-operated';

/** A node shows a changed ConfigMap to its pods within two minutes, and Alertmanager collects for half of one. */
const tellsWithinMs = 240_000;

const describeWithOperator = (await operatorRuns('prometheus-operator')) ? describe : describe.skip;

describeWithOperator('what prometheus-operator makes of the platform', () => {
  let test: TestCluster;
  beforeAll(async () => {
    test = await openTestCluster(namespace);
    const { lines, deployment } = await test.deploy();
    expect({ lines, complete: deployment.complete }).toEqual({ lines, complete: true });
  }, 600_000);
  afterAll(() => test?.remove(), 300_000);

  const operatedPods = async () => {
    const labelSelector = 'app.kubernetes.io/managed-by=prometheus-operator';
    const { items } = await test.cluster.core.listNamespacedPod({ namespace, labelSelector });
    return items;
  };

  it('is up when the deployment ends', async () => {
    const pods = await operatedPods();
    expect(pods.map(({ metadata }) => metadata?.name).toSorted()).toEqual([
      'alertmanager-smarteats-0',
      'prometheus-smarteats-0',
    ]);
    for (const { status } of pods) {
      expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
    }
  });

  it.each(['Prometheus', 'Alertmanager'])(
    '%s is the pod that the rules for manifests assume',
    async (kind) => {
      const resource = await resourceOf(kind, test.profile);
      const assumed = operatedPodOf(resource);
      const name = `${kind.toLowerCase()}-${resource.metadata.name}`;
      const { spec } = await test.cluster.apps.readNamespacedStatefulSet({ name, namespace });
      const { metadata, spec: pod } = spec?.template ?? {};
      expect(spec?.selector.matchLabels).toMatchObject(assumed?.selector.matchLabels ?? {});
      expect(metadata?.labels).toMatchObject(assumed?.template.metadata?.labels ?? {});
      const {
        serviceAccountName,
        securityContext,
        automountServiceAccountToken,
        affinity,
        topologySpreadConstraints,
      } = assumed?.template.spec ?? {};
      expect(pod).toMatchObject({
        serviceAccountName,
        securityContext,
        automountServiceAccountToken,
        affinity,
        topologySpreadConstraints,
        enableServiceLinks: false,
      });
      expect(byName([...(pod?.initContainers ?? []), ...(pod?.containers ?? [])])).toMatchObject(
        byName([
          ...(assumed?.template.spec.initContainers ?? []),
          ...(assumed?.template.spec.containers ?? []),
        ]),
      );
      // One that the rules know nothing of would escape them.
      expect((pod?.initContainers?.length ?? 0) + (pod?.containers.length ?? 0)).toBe(3);
    },
  );

  it('stays as it is when the same is deployed again', async () => {
    const before = (await operatedPods()).map(incarnation);
    const { deployment } = await test.deploy();
    const outcomes = new Set(deployment.applied.map(({ outcome }) => outcome));
    outcomes.delete('left-out');
    expect([...outcomes]).toEqual(['unchanged']);
    expect((await operatedPods()).map(incarnation)).toEqual(before);
  }, 300_000);

  it('takes over a new rule without a restart, and its alert arrives by mail and as a chat message', async () => {
    const before = (await operatedPods()).map(incarnation);
    const [applied] = await applyAll(test.cluster, [trialRule(test.profile)], {
      dryRun: false,
      force: false,
    });
    expect(applied?.outcome).toBe('created');
    await eventually(async () => {
      const messages = await caughtMessages();
      expect(messages.map(({ channel }) => channel).toSorted()).toEqual(['chat', 'mail']);
    }, tellsWithinMs);
    expect((await operatedPods()).map(incarnation)).toEqual(before);
  }, 300_000);

  it('is told as the reason of a deployment that fails, and comes up with the next one that is right', async () => {
    const { prometheus } = test.profile;
    const image = `${prometheus.image}-that-nobody-built`;
    const wrong = await test.deploy({ profile: { ...test.profile, prometheus: { ...prometheus, image } } });
    expect(wrong.deployment.complete).toBe(false);
    expect(wrong.lines.join('\n')).toMatch(
      /prometheus\/smarteats did not come up:\n.*(ImagePullBackOff|ErrImagePull)/,
    );
    const { deployment } = await test.deploy();
    expect(deployment.complete).toBe(true);
  }, 480_000);

  async function caughtMessages(): Promise<readonly { readonly channel: string }[]> {
    const catcher = { namespace, service: 'message-catcher', port: 'http' };
    return withForward(test.cluster, catcher, async ({ url }) => {
      const response = await fetch(`${url}/messages`);
      // The catcher's own answer.
      const { messages } = (await response.json()) as {
        messages: readonly { readonly channel: string; readonly text: string }[];
      };
      return messages.filter(({ text }) => text.includes('This is a trial'));
    });
  }
});

async function resourceOf(wanted: string, profile: Profile): Promise<Manifest> {
  const found = (await synthesizedObjects(smartEats, profile)).find(({ kind }) => kind === wanted);
  if (found === undefined) throw new Error(`there is no ${wanted}`);
  return found;
}

function byName(containers: readonly (V1Container | Container)[]) {
  return Object.fromEntries(containers.map((each) => [each.name, { ...each }]));
}

/** What differs as soon as a pod was made anew, or one of its containers started again. */
function incarnation({ metadata, status }: V1Pod) {
  const restarts = status?.containerStatuses?.map(({ name, restartCount }) => `${name} ${restartCount}`);
  return { pod: metadata?.name, uid: metadata?.uid, restarts };
}

/** A rule whose alert is always firing. */
function trialRule({ monitorLabels }: Profile) {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'trial', namespace, labels: { ...monitorLabels } },
    spec: {
      groups: [
        {
          name: 'trial',
          rules: [
            {
              alert: 'Trial',
              expr: 'vector(1)',
              labels: { severity: 'warning', receivers: 'email-slack' },
              annotations: { summary: 'This is a trial', description: 'Nothing is wrong', runbook_url: '-' },
            },
          ],
        },
      ],
    },
  };
}
