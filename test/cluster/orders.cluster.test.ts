import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { findGaps } from '../../cli/accounting/accounts.ts';
import { openForward } from '../../cli/cluster/forward.ts';
import { readWorkloads } from '../../cli/cluster/workloads.ts';
import { runDemo } from '../../cli/demo/run-demo.ts';
import { openPlayedCluster, type PlayedCluster } from '../../cli/players/played-cluster.ts';
import { readStatus } from '../../cli/status/read-status.ts';
import { problemsOf, renderStatus } from '../../cli/status/status-report.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { openTestCluster, type TestCluster } from './test-cluster.ts';

const namespace = 'smarteats-test-orders';

let test: TestCluster;
beforeAll(async () => {
  test = await openTestCluster(namespace);
  const { lines, deployment } = await test.deploy();
  expect({ lines, complete: deployment.complete }).toEqual({ lines, complete: true });
}, 480_000);
afterAll(() => test?.remove(), 120_000);

/** Deletes one pod of a workload, and waits until the workload is whole again. */
async function losePod(name: string): Promise<void> {
  const { core } = test.cluster;
  const labelSelector = `app.kubernetes.io/name=${name}`;
  const { items } = await core.listNamespacedPod({ namespace, labelSelector });
  const pod = items[0]?.metadata?.name ?? '';
  await core.deleteNamespacedPod({ namespace, name: pod });
  for (;;) {
    const { workloads } = await readWorkloads(test.cluster, [namespace]);
    const { items: now } = await core.listNamespacedPod({ namespace, labelSelector });
    const replaced = now.every(({ metadata }) => metadata?.uid !== items[0]?.metadata?.uid);
    if (replaced && workloads.find((each) => each.name === name)?.done) return;
    await delay(500);
  }
}

describe('orders on a cluster, behind network policies that deny everything else', () => {
  let platform: PlayedCluster;
  afterEach(() => platform?.close());

  const play = (orders: number, rate: number, onPlaced: (placed: number) => void = () => undefined) =>
    runDemo({
      platform,
      orders,
      rate,
      signal: AbortSignal.timeout(540_000),
      onProgress: ({ placed }) => onPlaced(placed),
    });

  it('are delivered, their tasks have results, and the accounts close', async () => {
    platform = await openPlayedCluster(test.cluster, smartEats, test.profile, AbortSignal.timeout(300_000));
    const accounts = await play(10, 5);
    expect(findGaps(accounts)).toEqual([]);
    expect(accounts.orders.map(({ status }) => status)).toEqual(Array(10).fill('delivered'));
    const called = accounts.tasks.map(({ task }) => task);
    // No picture of a dish can be fetched from within the cluster.
    expect([...called, 'tasks.analyze_food_image'].toSorted()).toEqual(
      Object.keys(smartEats.tasks).toSorted(),
    );
  }, 320_000);

  it('are delivered although a pod of each kind is lost in the middle', async () => {
    const victims = [
      'redis',
      'rabbitmq',
      'api-gateway',
      'auth-service',
      'order-service',
      'payment-service',
      'payment-sandbox',
      'delivery-service',
      'notification-service',
      'message-catcher',
    ];
    platform = await openPlayedCluster(test.cluster, smartEats, test.profile, AbortSignal.timeout(560_000));
    let losses: Promise<void> | undefined;
    let lost = 0;
    const accounts = await play(80, 1, (placed) => {
      if (placed < 5) return;
      losses ??= (async () => {
        for (const victim of victims) {
          await losePod(victim);
          lost += 1;
        }
      })();
    });
    await losses;
    expect(lost).toBe(victims.length);
    expect(findGaps(accounts)).toEqual([]);
    expect(accounts.messages.dead).toBe(0);
  }, 600_000);
});

describe('the status of a platform on a cluster', () => {
  const read = () => readStatus(test.cluster, smartEats, test.profile);

  it('shows every pod and queue, and finds nothing wrong', async () => {
    const status = await read();
    expect(problemsOf(status)).toEqual([]);
    const text = renderStatus(status);
    for (const name of ['redis-0', 'rabbitmq-0', 'order-service-', ...Object.keys(smartEats.queues)]) {
      expect(text).toContain(name);
    }
  }, 60_000);

  it('says which queue nobody consumes when a service is gone', async () => {
    const { apps } = test.cluster;
    const scale = (value: number) =>
      apps.patchNamespacedDeploymentScale({
        name: 'payment-service',
        namespace,
        body: [{ op: 'replace', path: '/spec/replicas', value }],
      });
    await scale(0);
    try {
      const expected = 'queue payment_process: nobody consumes it, payment-service should';
      while (!problemsOf(await read()).includes(expected)) await delay(1_000);
    } finally {
      await scale(1);
    }
  }, 120_000);
});

describe('a forwarded port', () => {
  it('goes on with the pod that replaces the one it led to', async () => {
    const target = { namespace, service: 'api-gateway', port: 'http' };
    const forward = await openForward(test.cluster, target, 0);
    try {
      // A connection of its own for each request, so that none belongs to the pod that is gone.
      const status = async () =>
        (await fetch(`${forward.url}/livez`, { headers: { connection: 'close' } })).status;
      expect(await status()).toBe(200);
      await losePod('api-gateway');
      expect(await status()).toBe(200);
    } finally {
      await forward.close();
    }
    await expect(fetch(`${forward.url}/livez`)).rejects.toThrow('fetch failed');
  }, 120_000);
});
