import { describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import type { Workload } from '../../../cli/cluster/workloads.ts';
import { stuckPods } from '../../../cli/deploy/stuck-pods.ts';

const workload: Workload = {
  kind: 'StatefulSet',
  namespace: 'eats',
  name: 'redis',
  selector: {},
  wanted: 1,
  ready: 0,
  done: false,
  revision: 'new',
};

function pod(revision: string, waitingFor: string): V1Pod {
  return {
    metadata: { name: 'redis-0', labels: { 'controller-revision-hash': revision } },
    status: {
      phase: 'Pending',
      containerStatuses: [
        {
          name: 'redis',
          image: 'redis:none',
          imageID: '',
          ready: false,
          restartCount: 0,
          state: { waiting: { reason: waitingFor } },
        },
      ],
    },
  };
}

describe('pods that keep a StatefulSet from its newest revision', () => {
  it('are those of an earlier revision that cannot start', () => {
    expect(stuckPods(workload, [pod('old', 'ImagePullBackOff')])).toEqual(['redis-0']);
  });

  it('do not include one that is only starting', () => {
    expect(stuckPods(workload, [pod('old', 'ContainerCreating')])).toEqual([]);
  });

  it('do not include one of the newest revision: replacing it would change nothing', () => {
    expect(stuckPods(workload, [pod('new', 'ImagePullBackOff')])).toEqual([]);
  });

  it('do not include one that is about to end', () => {
    const { metadata, ...rest } = pod('old', 'ImagePullBackOff');
    const ending = { ...rest, metadata: { ...metadata, deletionTimestamp: new Date() } };
    expect(stuckPods(workload, [ending])).toEqual([]);
  });

  it('are none where no revision is known, or of a Deployment, which replaces its pods itself', () => {
    const { revision: _, ...unknown } = workload;
    const pods = [pod('old', 'ImagePullBackOff')];
    expect(stuckPods(unknown, pods)).toEqual([]);
    expect(stuckPods({ ...workload, kind: 'Deployment' }, pods)).toEqual([]);
  });
});
