import { describe, expect, it } from '@jest/globals';
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Workload } from '../../../cli/cluster/workloads.ts';
import { podRows } from '../../../cli/status/pod-rows.ts';

const now = Date.UTC(2026, 0, 1, 12);

interface PodProps {
  readonly name: string;
  readonly app?: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly ageMs?: number;
  readonly phase?: string;
  readonly ready?: boolean;
  readonly ending?: boolean;
  readonly containers?: readonly Partial<V1ContainerStatus>[];
}

function pod({ name, app, owner, ageMs = 60_000, containers = [{}], ...rest }: PodProps): V1Pod {
  const { phase = 'Running', ready = phase === 'Running', ending = false } = rest;
  return {
    metadata: {
      name,
      namespace: 'eats',
      creationTimestamp: new Date(now - ageMs),
      ...(app !== undefined && { labels: { app } }),
      ...(owner && { ownerReferences: [{ apiVersion: 'v1', uid: owner.name, ...owner }] }),
      ...(ending && { deletionTimestamp: new Date(now) }),
    },
    spec: { containers: containers.map((_, index) => ({ name: `c${index}` })) },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: containers.map((status, index) => ({
        name: `c${index}`,
        image: 'app:1',
        imageID: '',
        ready,
        restartCount: 0,
        ...status,
      })),
    },
  };
}

function workload(overrides: Partial<Workload> = {}): Workload {
  return {
    kind: 'Deployment',
    namespace: 'eats',
    name: 'shop',
    selector: { app: 'shop' },
    wanted: 1,
    ready: 1,
    done: true,
    ...overrides,
  };
}

function namesOf(workloads: readonly Workload[], pods: readonly V1Pod[]): readonly string[] {
  return podRows({ workloads, pods }, now).map(({ name }) => name);
}

describe('the rows of pods', () => {
  it('count ready containers and restarts, and have the age', () => {
    const containers = [{ ready: true, restartCount: 2 }, { ready: true, restartCount: 1 }, { ready: false }];
    const pods = [pod({ name: 'shop-1', app: 'shop', ageMs: 90_000, containers })];
    expect(podRows({ workloads: [workload()], pods }, now)).toEqual([
      { name: 'shop-1', ready: '2/3', restarts: 3, ageMs: 90_000, state: 'Running' },
    ]);
  });

  it('name the reason of a trouble as the state, and explain it', () => {
    const waiting = { state: { waiting: { reason: 'ErrImagePull', message: 'not found' } } };
    const pods = [pod({ name: 'shop-1', app: 'shop', phase: 'Pending', containers: [waiting] })];
    expect(podRows({ workloads: [workload({ done: false, ready: 0 })], pods }, now)).toEqual([
      expect.objectContaining({
        name: 'shop-1',
        state: 'ErrImagePull',
        problem: 'ErrImagePull: not found',
      }),
    ]);
  });

  it('show a pod that is about to end without a problem', () => {
    const [row] = podRows({ workloads: [], pods: [pod({ name: 'a', ready: false, ending: true })] }, now);
    expect(row).toMatchObject({ state: 'Terminating' });
    expect(row).not.toHaveProperty('problem');
  });

  it('come workload by workload, then those of nobody, each pod once', () => {
    const redis = workload({ kind: 'StatefulSet', name: 'redis', selector: { app: 'redis' } });
    const pods = [
      pod({ name: 'operator-1' }),
      pod({ name: 'shop-1', app: 'shop' }),
      pod({ name: 'redis-0', app: 'redis' }),
    ];
    expect(namesOf([redis, workload()], pods)).toEqual(['redis-0', 'shop-1', 'operator-1']);
  });

  it('say how many pods are ready when nothing else explains that a workload is not done', () => {
    const workloads = [workload({ done: false, wanted: 3, ready: 1 })];
    expect(podRows({ workloads, pods: [pod({ name: 'shop-1', app: 'shop' })] }, now)[1]).toEqual({
      name: 'deployment/shop',
      ready: '-',
      restarts: 0,
      state: 'Progressing',
      problem: '1 of 3 pods are ready',
    });
  });

  it('say why a workload cannot make pods', () => {
    const workloads = [workload({ done: false, ready: 0, failure: 'exceeded quota' })];
    expect(podRows({ workloads, pods: [] }, now)).toEqual([
      expect.objectContaining({ state: 'FailedCreate', problem: 'exceeded quota' }),
    ]);
  });

  it('leave out pods that have done their work', () => {
    const pods = [
      pod({ name: 'seed-1', phase: 'Succeeded' }),
      pod({ name: 'shop-0', app: 'shop', phase: 'Succeeded' }),
    ];
    expect(namesOf([workload()], pods)).toEqual([]);
  });

  it('leave out a failed pod once a younger one has done the work of the same CronJob', () => {
    const failed = pod({
      name: 'sweep-1-a',
      phase: 'Failed',
      ageMs: 120_000,
      owner: { kind: 'Job', name: 'sweep-28901' },
    });
    const next = pod({
      name: 'sweep-2-b',
      phase: 'Succeeded',
      ageMs: 60_000,
      owner: { kind: 'Job', name: 'sweep-28902' },
    });
    expect(namesOf([], [failed])).toEqual(['sweep-1-a']);
    expect(namesOf([], [failed, next])).toEqual([]);
  });

  it('keep a failed pod when only an older one, or one of another work, is there', () => {
    const owner = { kind: 'Job', name: 'sweep-2' };
    const failed = pod({ name: 'sweep', phase: 'Failed', ageMs: 60_000, owner });
    const older = pod({
      name: 'older',
      phase: 'Succeeded',
      ageMs: 90_000,
      owner: { kind: 'Job', name: 'sweep-1' },
    });
    const other = pod({
      name: 'other',
      phase: 'Succeeded',
      ageMs: 1_000,
      owner: { kind: 'Job', name: 'report-3' },
    });
    expect(namesOf([], [failed, older, other])).toEqual(['sweep']);
  });

  it('do not take StatefulSets for one because their names differ in the last part only', () => {
    const owned = (name: string, phase: string, ageMs: number) =>
      pod({ name: `${name}-0`, phase, ageMs, owner: { kind: 'StatefulSet', name } });
    const pods = [owned('prometheus-a', 'Failed', 90_000), owned('prometheus-b', 'Running', 1_000)];
    expect(namesOf([], pods)).toEqual(['prometheus-a-0', 'prometheus-b-0']);
  });
});
