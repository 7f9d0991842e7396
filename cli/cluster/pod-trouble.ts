import type { V1ContainerStateTerminated, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

/** What keeps a pod from being ready. */
export interface PodTrouble {
  readonly pod: string;
  /** The container that it is about; absent if it is about the pod. */
  readonly container?: string;
  /** In the words of Kubernetes, e.g. `ImagePullBackOff`. */
  readonly reason: string;
  readonly message: string;
  /** What pods may have in common: the same trouble of several workloads is explained once. */
  readonly cause: string;
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
  'ErrImagePull',
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
    cause: `${text.reason}: ${text.message}`,
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
  const ended = (
    reason: string,
    end: V1ContainerStateTerminated | undefined,
    lasting: boolean,
  ): PodTrouble => {
    const message = describeEnd(end, restartCount);
    return { pod, container, reason, message, cause: `${container} ${message}`, lasting, logs: true };
  };
  if (terminated !== undefined && terminated.exitCode !== 0) {
    return ended(terminated.reason ?? 'Error', terminated, false);
  }
  const reason = waiting?.reason ?? '';
  if (reason === 'CrashLoopBackOff') return ended(reason, lastState?.terminated, true);
  if (!lastingReasons.has(reason)) return undefined;
  const message = waiting?.message ?? status.image;
  // The API words an image that cannot be had differently from one attempt to the next.
  const cause = reason.includes('Image') ? `image ${status.image}` : message;
  return { pod, container, reason, message, cause, lasting: true, logs: false };
}

function describeEnd(end: V1ContainerStateTerminated | undefined, restarts: number): string {
  const code = end === undefined ? 'ended' : `ended with exit code ${end.exitCode}`;
  const why = end?.reason === undefined || end.reason === 'Error' ? '' : ` (${end.reason})`;
  return `${code}${why}, restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}`;
}
