import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthorizationV1Api } from '@kubernetes/client-node';
import { withForward } from '../../cli/cluster/forward.ts';
import { findReadyPod } from '../../cli/cluster/service-pods.ts';
import { synthesizedObjects } from '../../cli/deploy/manifests.ts';
import { withClusterPlatform } from '../../cli/verify/cluster-platform.ts';
import { type Finding, gapsOf, renderFindings } from '../../cli/verify/finding.ts';
import { verify } from '../../cli/verify/verify.ts';
import { freeDiskRatio, freeVolumeRatio } from '../../workers/platform/alerts/expressions.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { eventually } from '../harness/eventually.ts';
import { runPrometheus } from './stand-in-prometheus.ts';
import { openTestCluster, operatorRuns, type TestCluster } from './test-cluster.ts';

const namespace = 'smarteats-test-watching';
const prometheus = { namespace, service: 'prometheus', port: 9090 };

/** The series that an expression has now. */
type Series = readonly {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: [number, string];
}[];

let test: TestCluster;
beforeAll(async () => {
  test = await openTestCluster(namespace);
  const { lines, deployment } = await test.deploy();
  expect({ lines, complete: deployment.complete }).toEqual({ lines, complete: true });
  if (!(await operatorRuns('prometheus-operator'))) {
    await runPrometheus(test.cluster, await synthesizedObjects(smartEats, test.profile));
  }
  await eventually(() => findReadyPod(test.cluster, prometheus), 120_000);
}, 600_000);
afterAll(() => test?.remove(), 300_000);

/** Asks until there is an answer: a series is there from the second scrape of its target at the latest. */
function ask(expression: string): Promise<Series> {
  return eventually(
    () =>
      withForward(test.cluster, prometheus, async ({ url }) => {
        const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
        const { data } = (await response.json()) as { data: { result: Series } };
        expect(data.result).not.toEqual([]);
        return data.result;
      }),
    120_000,
  );
}

/** The operator's where the cluster has one, else one with the configuration that the operator would make. */
describe('a Prometheus with the account, the network policies and the configuration of the platform', () => {
  it('finds and reaches everything that is declared, nodes and kubelets included', async () => {
    const findings = await withClusterPlatform(test.cluster, smartEats, test.profile, (verified) =>
      verify(verified),
    );
    const watching = (area: Finding['area']) => findings.filter((each) => each.area === area);
    const targets = watching('targets');
    expect({ table: renderFindings(targets), gaps: gapsOf(targets) }).toEqual({
      table: expect.any(String),
      gaps: [],
    });
    expect(targets.map(({ name }) => name)).toEqual(expect.arrayContaining(['node-exporter', 'kubelet']));
    expect(gapsOf([...watching('rules'), ...watching('panels')])).toEqual([]);
  }, 240_000);

  it('knows how full the disks are, by the name of the node', async () => {
    const { items } = await test.cluster.core.listNode();
    const nodes = items.map(({ metadata }) => metadata?.name);
    const series = await ask(freeDiskRatio);
    for (const { metric, value } of series) {
      expect(nodes).toContain(metric['instance']);
      expect(Number(value[1])).toBeGreaterThan(0);
      expect(Number(value[1])).toBeLessThanOrEqual(1);
    }
    expect(series.some(({ metric }) => metric['mountpoint'] === '/')).toBe(true);
  }, 180_000);

  it('knows how full the volumes of the platform are, and no others', async () => {
    const { items } = await test.cluster.core.listNamespacedPersistentVolumeClaim({ namespace });
    const claims = items.map(({ metadata }) => metadata?.name).toSorted();
    // A kubelet looks at the volumes of a new pod within a minute.
    const series = await eventually(async () => {
      const found = await ask(freeVolumeRatio);
      expect(found.map(({ metric }) => metric['persistentvolumeclaim']).toSorted()).toEqual(claims);
      return found;
    }, 150_000);
    expect(new Set(series.map(({ metric }) => metric['namespace']))).toEqual(new Set([namespace]));
  }, 300_000);

  it('keeps nothing of the kubelets but that', async () => {
    const series = await ask('count by (__name__) ({job="kubelet"})');
    const names = series.map(({ metric }) => metric['__name__'] ?? '');
    // The others are Prometheus' own, about the scrape.
    expect(names.filter((name) => !/^(kubelet_volume_stats_|up$|scrape_)/.test(name))).toEqual([]);
    expect(names).toContain('kubelet_volume_stats_available_bytes');
  }, 180_000);

  it.each([
    [true, { resource: 'nodes', subresource: 'metrics', verb: 'get' }],
    [true, { resource: 'pods', verb: 'list', namespace }],
    [true, { resource: 'pods', verb: 'list', namespace: `${namespace}-nodes` }],
    [false, { resource: 'nodes', subresource: 'proxy', verb: 'get' }],
    [false, { resource: 'pods', verb: 'list', namespace: 'kube-system' }],
    [false, { resource: 'secrets', verb: 'get', namespace }],
  ])('is told %p when it wants %j', async (allowed, resourceAttributes) => {
    const user = `system:serviceaccount:${namespace}:prometheus`;
    const review = await test.cluster.config
      .makeApiClient(AuthorizationV1Api)
      .createSubjectAccessReview({ body: { spec: { user, resourceAttributes } } });
    expect(review.status?.allowed).toBe(allowed);
  });
});
