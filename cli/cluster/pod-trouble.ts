import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

/** What keeps a pod from being ready. */
export interface PodTrouble {
  readonly pod: string;
  /** The container that it is about; absent if it is about the pod. */
  readonly container?: string;
  /** In the words of Kubernetes, e.g. `ImagePullBackOff`. */
  readonly reason: string;
  readonly message: string;
  /** Waiting alone does not help against it. */
  readonly lasting: boolean;
  /** What the container wrote before it ended may say why. */
  readonly logs: boolean;
}

/** Reasons of a waiting container that seldom go away by themselves. */
const lastingReasons = new Set([
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'ErrImageNeverPull',
  'ImagePullBackOff',
  'InvalidImageName',
  'RunContainerError',
]);

/** What keeps a pod from being ready; `undefined` if it is ready, about to end, or has done its work. */
export function troubleOf(pod: V1Pod): PodTrouble | undefined {
  const name = pod.metadata?.name ?? '';
  const { phase, reason, message, conditions = [] } = pod.status ?? {};
  if (pod.metadata?.deletionTimestamp !== undefined || phase === 'Succeeded') return undefined;
  const condition = (type: string) => conditions.find((each) => each.type === type);
  if (condition('Ready')?.status === 'True') return undefined;
  const about = (text: { reason: string; message: string }): PodTrouble => ({
    pod: name,
    ...text,
    lasting: false,
    logs: false,
  });
  const scheduled = condition('PodScheduled');
  if (scheduled?.status === 'False') {
    return about({ reason: 'FailedScheduling', message: scheduled.message ?? 'no node has room for it' });
  }
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of containers) {
    const found = troubleOfContainer(name, status);
    if (found !== undefined) return found;
  }
  if (phase === 'Failed') return about({ reason: reason ?? 'Failed', message: message ?? '' });
  const starting = containers.find(({ state }) => state?.waiting !== undefined)?.state?.waiting;
  if (starting || phase === 'Pending') {
    return about({
      reason: starting?.reason ?? 'Pending',
      message: starting?.message ?? 'it has not started',
    });
  }
  const unready = containers.find(({ ready }) => !ready)?.name;
  return {
    ...about({ reason: 'Unready', message: 'it runs, but its readiness probe does not succeed' }),
    ...(unready !== undefined && { container: unready }),
    logs: true,
  };
}

function troubleOfContainer(pod: string, status: V1ContainerStatus): PodTrouble | undefined {
  const { name: container, state, lastState, restartCount } = status;
  const { waiting, terminated } = state ?? {};
  if (terminated !== undefined && terminated.exitCode !== 0) {
    const message = describeEnd(terminated, restartCount);
    return { pod, container, reason: terminated.reason ?? 'Error', message, lasting: false, logs: true };
  }
  const reason = waiting?.reason;
  if (reason === undefined) return undefined;
  if (reason === 'CrashLoopBackOff') {
    const message = describeEnd(lastState?.terminated, restartCount);
    return { pod, container, reason, message, lasting: true, logs: true };
  }
  if (!lastingReasons.has(reason) && reason !== 'ErrImagePull') return undefined;
  const message = waiting?.message ?? status.image;
  return { pod, container, reason, message, lasting: lastingReasons.has(reason), logs: false };
}

function describeEnd(
  end: { readonly exitCode: number; readonly reason?: string } | undefined,
  restarts: number,
): string {
  const code = end === undefined ? 'ended' : `ended with exit code ${end.exitCode}`;
  const why = end?.reason === undefined || end.reason === 'Error' ? '' : ` (${end.reason})`;
  return `${code}${why}, restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}`;
}
