import type { Cluster } from './connection.ts';
import type { PodTrouble } from './pod-trouble.ts';

/** How many of the last lines of a container's log are shown. */
const logLines = 8;

/**
 * What the cluster has recorded about an object that went wrong: its warnings, newest last, each once.
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
  const at = (event: (typeof items)[number]) =>
    (event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp)?.getTime() ?? 0;
  const texts = items
    .toSorted((one, other) => at(one) - at(other))
    .map(({ reason, message }) => `${reason}: ${message?.trim() ?? ''}`);
  return [...new Set(texts)];
}

/** The last lines that a container wrote, those before its last end if it has not started again. */
export async function lastLinesOf(
  cluster: Cluster,
  namespace: string,
  { pod, container }: PodTrouble,
): Promise<readonly string[]> {
  const read = (previous: boolean) =>
    cluster.core.readNamespacedPodLog({
      namespace,
      name: pod,
      ...(container !== undefined && { container }),
      previous,
      tailLines: logLines,
    });
  // The API has no log of an earlier container if there was none, or if it is gone.
  const text = await read(true).catch(() => read(false).catch(() => ''));
  return text.split('\n').filter((line) => line.trim() !== '');
}
