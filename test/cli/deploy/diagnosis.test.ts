import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import type { Cluster } from '../../../cli/cluster/connection.ts';
import type { Workload } from '../../../cli/cluster/workloads.ts';
import { diagnose } from '../../../cli/deploy/diagnosis.ts';

/** A cluster that knows nothing but warnings and the log of every container. */
function clusterWith(warnings: readonly string[], log = ''): Cluster {
  const items = warnings.map((message, second) => ({
    reason: 'Warned',
    message,
    lastTimestamp: new Date(second * 1_000),
    metadata: {},
  }));
  const core = {
    listNamespacedEvent: async () => ({ items }),
    readNamespacedPodLog: async () => log,
  };
  return { core } as unknown as Cluster;
}

const workload: Workload = {
  kind: 'Deployment',
  namespace: 'eats',
  name: 'orders',
  selector: { app: 'orders' },
  wanted: 1,
  ready: 0,
  done: false,
};

function pod(reason: string, app = 'orders'): V1Pod {
  const status = { name: 'main', image: 'orders:1', imageID: '', ready: false, restartCount: 2 };
  const lastState = { terminated: { exitCode: 1 } };
  return {
    metadata: { name: `${app}-abc`, namespace: 'eats', labels: { app } },
    status: {
      phase: 'Running',
      containerStatuses: [{ ...status, lastState, state: { waiting: { reason } } }],
    },
  };
}

describe('why a workload did not come up', () => {
  it('is told by the end of its container, the last two warnings and its last lines', async () => {
    const cluster = clusterWith(['first', 'second', 'third'], 'starting\n\nno password\n');
    expect(await diagnose(cluster, workload, [pod('CrashLoopBackOff')])).toEqual({
      workload: 'deployment/orders',
      serving: false,
      cause: 'main ended with exit code 1, restarted 2 times',
      lines: [
        'pod orders-abc, container main: CrashLoopBackOff: ended with exit code 1, restarted 2 times',
        '  Warned: second',
        '  Warned: third',
        '  its last lines:',
        '    starting',
        '    no password',
      ],
    });
  });

  it('is told without warnings and logs if its image cannot be had', async () => {
    const diagnosis = await diagnose(clusterWith(['again'], 'text'), workload, [pod('ImagePullBackOff')]);
    expect(diagnosis).toMatchObject({
      cause: 'image orders:1',
      lines: ['pod orders-abc, container main: ImagePullBackOff: orders:1'],
    });
  });

  it('is not looked for in the pods of others', async () => {
    const diagnosis = await diagnose(clusterWith([]), workload, [pod('CrashLoopBackOff', 'other')]);
    expect(diagnosis.lines).toEqual(['its pods are being replaced']);
  });

  it('is why it cannot make pods if it has none, before any warning', async () => {
    const failing = { ...workload, failure: 'exceeded quota' };
    const { lines, cause } = await diagnose(clusterWith(['other']), failing, []);
    expect(lines).toEqual(['it cannot make pods: exceeded quota']);
    expect(cause).toBe('it cannot make pods: exceeded quota');
  });

  it('is what the cluster warned of last if it has no pods', async () => {
    const { lines } = await diagnose(clusterWith(['a', 'b', 'c']), workload, []);
    expect(lines).toEqual(['it has no pods: Warned: b', 'it has no pods: Warned: c']);
  });

  it.each([
    [2, 2, true],
    [2, 1, false],
    [0, 0, false],
  ])(
    'comes with whether earlier pods still serve: of %i wanted, %i are ready',
    async (wanted, ready, serving) => {
      const diagnosis = await diagnose(clusterWith([]), { ...workload, wanted, ready }, []);
      expect(diagnosis.serving).toBe(serving);
    },
  );
});
