import { namespacesOf } from '../../charts/namespace.ts';
import type { Profile } from '../../charts/profile.ts';
import { prometheusPort } from '../../charts/providers.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { withBroker } from '../cluster/cluster-broker.ts';
import type { Cluster } from '../cluster/connection.ts';
import { withForward } from '../cluster/forward.ts';
import { findService } from '../cluster/service-pods.ts';
import { readWorkloads } from '../cluster/workloads.ts';
import { type PodRow, podRows } from './pod-rows.ts';
import { delayedCount, type QueueRow, queueRows } from './queue-rows.ts';
import { readTargets, type TargetRow } from './targets.ts';

/** A part of the status, or why there is none. */
export type Part<T> =
  | { readonly rows: readonly T[] }
  | { readonly absent: string; readonly problem: boolean };

/** How a platform on a cluster is. */
export interface PlatformStatus {
  readonly pods: readonly PodRow[];
  readonly queues: Part<QueueRow>;
  /** Messages that wait for another attempt, or for the time that a task is due. */
  readonly delayed: number;
  readonly targets: Part<TargetRow>;
}

/**
 * Looks at pods, queues and what Prometheus scrapes.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE if the platform is not on the cluster at all
 */
export async function readStatus(
  cluster: Cluster,
  platform: Platform,
  profile: Profile,
): Promise<PlatformStatus> {
  const { namespace } = profile;
  const found = await readWorkloads(cluster, namespacesOf(profile));
  if (found.workloads.length === 0) {
    const message = `there is nothing in namespace ${namespace} of context ${cluster.context}; smarteats deploy brings the platform there`;
    throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', message);
  }
  const [broker, targets] = await Promise.all([
    readQueues(cluster, platform, profile),
    readTargetsOf(cluster, namespace),
  ]);
  return { pods: podRows(found, Date.now()), ...broker, targets };
}

async function readQueues(
  cluster: Cluster,
  platform: Platform,
  { namespace, outside }: Profile,
): Promise<Pick<PlatformStatus, 'queues' | 'delayed'>> {
  if (outside.rabbitmq !== undefined) {
    return { queues: { absent: 'RabbitMQ is outside the cluster', problem: false }, delayed: 0 };
  }
  try {
    return await withBroker(cluster, namespace, async (broker) => {
      const live = await broker.queues();
      return { queues: { rows: queueRows(platform, live) }, delayed: delayedCount(platform, live) };
    });
  } catch (error) {
    return { queues: absence(error), delayed: 0 };
  }
}

async function readTargetsOf(cluster: Cluster, namespace: string): Promise<Part<TargetRow>> {
  const prometheus = { namespace, service: 'prometheus', port: prometheusPort };
  try {
    if (!(await isRunning(cluster, prometheus))) {
      return { absent: 'there is no Prometheus', problem: false };
    }
    return { rows: await withForward(cluster, prometheus, ({ url }) => readTargets(url)) };
  } catch (error) {
    return absence(error);
  }
}

/** Without its operator Prometheus has a Service and no pods. */
async function isRunning(cluster: Cluster, target: { namespace: string; service: string }): Promise<boolean> {
  const selector = (await findService(cluster, target))?.spec?.selector;
  if (selector === undefined) return false;
  const labelSelector = Object.entries(selector)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  const { items } = await cluster.core.listNamespacedPod({ namespace: target.namespace, labelSelector });
  return items.length > 0;
}

function absence(error: unknown): { readonly absent: string; readonly problem: true } {
  if (!(error instanceof PlatformError)) throw error;
  return { absent: error.message, problem: true };
}
