import type { V1Pod } from '@kubernetes/client-node';
import { titleOf } from '../cluster/cluster-object.ts';
import { troubleOf } from '../cluster/pod-trouble.ts';
import { podsOf, type Workload, type WorkloadsAndPods } from '../cluster/workloads.ts';

/** A pod, or a workload that has none, as people want to see it. */
export interface PodRow {
  readonly name: string;
  /** Ready containers, e.g. `1/1`. */
  readonly ready: string;
  readonly restarts: number;
  /** Since the pod was made; absent without a pod. */
  readonly ageMs?: number;
  /** In the words of Kubernetes. */
  readonly state: string;
  /** What is not right, as a sentence without the name. */
  readonly problem?: string;
}

/**
 * Every pod of a namespace that matters now, workload by workload, then those of Jobs and of operators. Pods that
 * have done their work are left out, and so are those that failed but have a successor.
 * @param now in milliseconds since 1970
 */
export function podRows({ workloads, pods }: WorkloadsAndPods, now: number): readonly PodRow[] {
  const owned = workloads.flatMap((workload) => rowsOf(workload, podsOf(workload, pods), now));
  const claimed = new Set(workloads.flatMap((workload) => podsOf(workload, pods)));
  const others = pods.filter((pod) => !claimed.has(pod) && !isOver(pod) && !hasSuccessor(pod, pods));
  return [...owned, ...others.map((pod) => podRow(pod, now))];
}

function rowsOf(workload: Workload, pods: readonly V1Pod[], now: number): readonly PodRow[] {
  const current = pods.filter((pod) => !isOver(pod) && !hasSuccessor(pod, pods));
  const rows = current.map((pod) => podRow(pod, now));
  const explained = rows.some(({ problem }) => problem !== undefined);
  if (workload.done || explained) return rows;
  const reason = workload.failure ?? `${workload.ready} of ${workload.wanted} pods are ready`;
  const state = workload.failure === undefined ? 'Progressing' : 'FailedCreate';
  const missing = { name: titleOf(workload), ready: '-', restarts: 0, state, problem: reason };
  return [...rows, missing];
}

function podRow(pod: V1Pod, now: number): PodRow {
  const { metadata, spec, status } = pod;
  const containers = status?.containerStatuses ?? [];
  const trouble = troubleOf(pod);
  const created = metadata?.creationTimestamp?.getTime();
  const ending = metadata?.deletionTimestamp !== undefined;
  return {
    name: metadata?.name ?? '',
    ready: `${containers.filter(({ ready }) => ready).length}/${spec?.containers.length ?? 0}`,
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
    ...(created !== undefined && { ageMs: now - created }),
    state: ending ? 'Terminating' : (trouble?.reason ?? status?.phase ?? 'Unknown'),
    ...(trouble !== undefined && { problem: `${trouble.reason}: ${trouble.message}` }),
  };
}

function isOver({ status }: V1Pod): boolean {
  return status?.phase === 'Succeeded';
}

/** Whether a failed pod is history: a younger pod does, or has done, the same work. */
function hasSuccessor(pod: V1Pod, pods: readonly V1Pod[]): boolean {
  if (pod.status?.phase !== 'Failed') return false;
  const work = workOf(pod);
  return pods.some((other) => workOf(other) === work && madeAt(other) > madeAt(pod));
}

/** Names what a pod was made for, the same for all that were made for it: a workload, or a CronJob. */
function workOf({ metadata }: V1Pod): string {
  const [owner] = metadata?.ownerReferences ?? [];
  const name = owner?.name ?? metadata?.name ?? '';
  // A ReplicaSet adds a hash to the name of its Deployment, and a Job the minute to that of its CronJob.
  const hashed = owner?.kind !== 'StatefulSet' && owner?.kind !== 'DaemonSet';
  return `${owner?.kind}/${hashed ? name.replace(/-[a-z0-9]+$/, '') : name}`;
}

function madeAt({ metadata }: V1Pod): number {
  return metadata?.creationTimestamp?.getTime() ?? 0;
}
