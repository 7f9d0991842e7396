import type { CoreV1Event } from '@kubernetes/client-node';
import type { Cluster } from './connection.ts';
import type { PodTrouble } from './pod-trouble.ts';

/** How many of the last lines of a container's log are shown. */
const logLines = 8;

/**
 * What the cluster has recorded about an object that went wrong: its warnings, newest last, each once, without
 * those that only say that it was tried again.
 * @param name of a pod, ReplicaSet, StatefulSet …
 */
export async function warningsAbout(
  cluster: Cluster,
  namespace: string,
  name: string,
): Promise<readonly string[]> {
  const { items } = await cluster.core.listNamespacedEvent({
    namespace,
    fieldSelector: `involvedObject.name=${name},type=Warning`,
  });
  return warningTexts(items);
}

/** What events say, by the time at which they last happened. */
export function warningTexts(events: readonly CoreV1Event[]): readonly string[] {
  const texts = events
    .filter(({ reason }) => reason !== 'BackOff')
    .toSorted((one, other) => lastSeenMs(one) - lastSeenMs(other))
    .map(({ reason, message }) => `${reason}: ${message?.trim() ?? ''}`);
  return [...new Set(texts)];
}

/** The client library leaves a time in microseconds, as the scheduler gives it, a string whatever its type says. */
function lastSeenMs({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime();
}

/** The last lines that a container wrote, or its predecessor if it has written nothing yet. */
export async function lastLinesOf(
  cluster: Cluster,
  namespace: string,
  { pod, container }: PodTrouble,
): Promise<readonly string[]> {
  for (const previous of [false, true]) {
    const lines = await cluster.core
      .readNamespacedPodLog({
        namespace,
        name: pod,
        ...(container !== undefined && { container }),
        previous,
        tailLines: logLines,
      })
      .then(linesOf)
      // A container that has not started has no log.
      .catch(() => []);
    if (lines.length > 0) return lines;
  }
  return [];
}

function linesOf(log: string): readonly string[] {
  // So it answers, with success, when the node has removed the log.
  if (log.startsWith('unable to retrieve container logs')) return [];
  return log.split('\n').filter((line) => line.trim() !== '');
}
