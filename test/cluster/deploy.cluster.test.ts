import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withBroker } from '../../cli/cluster/cluster-broker.ts';
import { keyOf } from '../../cli/cluster/cluster-object.ts';
import { dryRun } from '../../cli/deploy/dry-run.ts';
import { inventoryId, readInventory } from '../../cli/deploy/inventory.ts';
import { definePlatform, smartEats } from '../../workers/platform/platform.ts';
import { defineTaskQueue } from '../../workers/platform/tasks.ts';
import { openTestCluster, type TestCluster } from './test-cluster.ts';

const namespace = 'smarteats-test-deploy';

/** The platform with a task queue and a schedule entry that are to go again. */
const larger = definePlatform({
  ...smartEats,
  taskQueues: { ...smartEats.taskQueues, passing: defineTaskQueue({ description: 'Here for a while' }) },
  schedule: {
    ...smartEats.schedule,
    'tidy-up-once-more': { ...smartEats.schedule['cleanup-expired-carts'], description: 'Once more' },
  },
});

/** Each test goes on from where the one before it left the cluster. */
describe('a deployment', () => {
  let test: TestCluster;
  beforeAll(async () => {
    test = await openTestCluster(namespace);
  }, 120_000);
  afterAll(() => test?.remove(), 120_000);

  const cronJob = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'tidy-up-once-more', namespace };
  const gateway = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api-gateway', namespace };
  const preview = async (force = false) => {
    const lines: string[] = [];
    const report = { line: (text: string) => void lines.push(text), progress: () => undefined };
    const signal = AbortSignal.timeout(120_000);
    await dryRun(test.cluster, { platform: smartEats, profile: test.profile, force, signal, report });
    return lines.join('\n');
  };

  it('tried on an empty cluster says what it would create and why it cannot check it, and leaves nothing', async () => {
    const told = await preview();
    expect(told).toMatch(/to create +StatefulSet: redis, rabbitmq/);
    expect(told).toContain(`Namespace ${namespace} does not exist yet`);
    expect(
      await test.cluster.objects.find({ apiVersion: 'v1', kind: 'Namespace', name: namespace }),
    ).toBeUndefined();
  }, 120_000);

  it('brings everything up under the Pod Security level restricted', async () => {
    const { lines, deployment } = await test.deploy({ platform: larger });
    expect({ lines, complete: deployment.complete }).toEqual({ lines, complete: true });
    expect(
      await test.cluster.objects.find({ apiVersion: 'v1', kind: 'Namespace', name: namespace }),
    ).toMatchObject({
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
  }, 480_000);

  it('sends every field: whom a network policy lets in is in the cluster as it is in the manifest', async () => {
    const id = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'redis', namespace };
    const { spec } = { spec: undefined, ...(await test.cluster.objects.find(id)) };
    expect(spec).toMatchObject({
      ingress: expect.arrayContaining([
        {
          from: [
            { podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/name': 'seed' }) } },
          ],
          ports: [{ port: 6379, protocol: 'TCP' }],
        },
      ]),
    });
  });

  it('has nothing to change the second time', async () => {
    const { deployment } = await test.deploy({ platform: larger });
    const outcomes = new Set(deployment.applied.map(({ outcome }) => outcome));
    outcomes.delete('left-out');
    expect([...outcomes]).toEqual(['unchanged']);
  }, 240_000);

  it('takes back what somebody has set otherwise, and says who', async () => {
    const { cluster } = test;
    await cluster.apps.patchNamespacedDeploymentScale({
      name: gateway.name,
      namespace,
      body: [{ op: 'replace', path: '/spec/replicas', value: 2 }],
      fieldManager: 'somebody',
    });
    const { lines } = await test.deploy({ platform: larger });
    expect(lines).toContainEqual(
      expect.stringMatching(/reset +deployment\/api-gateway \.spec\.replicas, which somebody had set/),
    );
    expect(await cluster.objects.find(gateway)).toMatchObject({ spec: { replicas: 1 } });
  }, 240_000);

  it("leaves alone what is not the platform's, unless it is forced", async () => {
    const { core } = test.cluster;
    const name = 'grafana';
    await core.patchNamespacedConfigMap({
      name,
      namespace,
      body: [{ op: 'remove', path: '/metadata/labels/app.kubernetes.io~1managed-by' }],
    });
    const { lines, deployment } = await test.deploy({ platform: larger });
    expect(deployment.complete).toBe(false);
    expect(lines).toContainEqual(expect.stringMatching(/refused +configmap\/grafana: .*not the platform's/));

    const forced = await test.deploy({ platform: larger, force: true });
    expect(forced.deployment.complete).toBe(true);
  }, 240_000);

  it('keeps a queue with messages and removes the rest of what is no longer declared', async () => {
    const { cluster } = test;
    await withBroker(cluster, namespace, async (_broker, { url, user, password }) => {
      const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      const message = {
        properties: { delivery_mode: 2 },
        routing_key: 'passing',
        payload: '{}',
        payload_encoding: 'string',
      };
      const answer = await fetch(`${url}/api/exchanges/%2F/amq.default/publish`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify(message),
      });
      expect(await answer.json()).toEqual({ routed: true });
    });
    const told = await preview();
    expect(told).toMatch(/to remove +cronjob\/tidy-up-once-more/);
    expect(told).toMatch(/kept +broker\/passing: .*it has 1 message/);

    const { deployment } = await test.deploy();
    expect(deployment.removed).toEqual(
      expect.arrayContaining(['cronjob/tidy-up-once-more', 'broker/passing.dead']),
    );
    expect(deployment.held).toEqual(['broker/passing']);
    expect(await cluster.objects.find(cronJob)).toBeUndefined();
  }, 300_000);

  it('removes that queue too when it is forced, and then remembers nothing of it', async () => {
    const { deployment } = await test.deploy({ force: true });
    expect(deployment.removed).toEqual(['broker/passing']);
    const inventory = readInventory(await test.cluster.objects.find(inventoryId(namespace)));
    expect(inventory.broker.queues).not.toContain('passing');
    expect(inventory.objects.map(keyOf)).not.toContain(keyOf(cronJob));
    const left = await withBroker(test.cluster, namespace, (broker) => broker.queues());
    expect(left.map(({ name }) => name)).not.toContain('passing');
  }, 300_000);
});
