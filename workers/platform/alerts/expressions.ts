import type { Platform } from '../platform.ts';
import { deadLetterQueueOf, retryStepName } from '../topology.ts';

/** Requests of Prometheus and of the kubelet, which are no traffic. */
const traffic = 'route!~"/metrics|/livez|/readyz"';

/** A matcher of these values of a label. */
export function oneOf(label: string, values: readonly string[]): string {
  return `${label}=~"${values.map((value) => value.replaceAll('.', '[.]')).join('|')}"`;
}

/**
 * Requests a second.
 * @param by labels to keep
 * @param more further matchers, each with a comma before it
 */
export function requestRate(by: string, more = ''): string {
  return `sum by (${by}) (rate(http_requests_total{${traffic}${more}}[5m]))`;
}

/** Part of the requests of each service that failed with a 5xx. */
export function errorRatio(more = ''): string {
  return `${requestRate('service', `${more},status=~"5.."`)} / ${requestRate('service', more)}`;
}

/**
 * Time within which a part of the requests was answered, in seconds.
 * @param by labels to keep
 */
export function responseSeconds(quantile: number, by = 'service', more = ''): string {
  return `histogram_quantile(${quantile}, sum by (${by}, le) (rate(http_request_duration_seconds_bucket{${traffic}${more}}[5m])))`;
}

/** Queues from which somebody consumes. */
export function workQueuesOf({ queues, taskQueues }: Platform): readonly string[] {
  return [...Object.keys(queues), ...Object.keys(taskQueues)];
}

/** Messages that wait in each work queue. While a queue's leader moves, two nodes may tell of it; it counts once. */
export function waitingMessages(platform: Platform): string {
  return `max by (queue) (rabbitmq_detailed_queue_messages_ready{${oneOf('queue', workQueuesOf(platform))}})`;
}

/** Consumers of each work queue. */
export function consumers(platform: Platform): string {
  return `max by (queue) (rabbitmq_detailed_queue_consumers{${oneOf('queue', workQueuesOf(platform))}})`;
}

/** Messages that rest in each dead-letter queue. */
export function deadLetters(platform: Platform, selector = ''): string {
  const queues = workQueuesOf(platform).map(deadLetterQueueOf);
  return `rabbitmq_detailed_queue_messages{${oneOf('queue', queues)}}${selector}`;
}

/**
 * Messages that were published and are nowhere: neither done, nor dropped by an operator, nor at the broker. Those of
 * Celery's queues are not accounted.
 */
export function unaccountedMessages(platform: Platform): string {
  const queues = Object.keys(platform.queues);
  const atBroker = [
    ...queues,
    ...queues.map(deadLetterQueueOf),
    ...platform.retryDelaysMs.map(retryStepName),
  ];
  // Every process of a service tells the same accounts.
  const accounted = (states: string) => `sum(max by (queue, state) (messages_accounted{state=~"${states}"}))`;
  const held = `sum(max by (queue) (rabbitmq_detailed_queue_messages{${oneOf('queue', atBroker)}}))`;
  return `${accounted('published')} - ${accounted('done|dropped')} - ${held}`;
}

/**
 * Queues in which messages wait although there are consumers, and none of those has begun with one for five minutes.
 * Tasks may take longer than that, so those of a task queue must be idle as well: their workers are named after it.
 */
export function stalledQueues(platform: Platform): string {
  const waiting = `${waitingMessages(platform)} > 0 and on (queue) ${consumers(platform)} > 0`;
  const received = 'sum by (queue) (increase(messages_received_total[5m])) == 0';
  const named = (series: string, label: string, pattern: string) =>
    `sum by (queue) (label_replace(${series}, "queue", "$1", "${label}", "${pattern}")) == 0`;
  const tasksReceived = named('increase(celery_task_received_total[5m])', 'queue_name', '(.+)');
  const tasksRunning = named('celery_worker_tasks_active', 'hostname', '(.+)@.+');
  return `${waiting} and on (queue) (${received} or (${tasksReceived} and ${tasksRunning}))`;
}

/** Part of the runs of each task that fail: what ended and did not succeed, whatever its error. */
export function taskFailureRatio(range: string): string {
  const ended = `sum by (name) (rate(celery_task_runtime_count[${range}]))`;
  return `1 - sum by (name) (rate(celery_task_succeeded_total[${range}])) / ${ended}`;
}

/** Part of the attempts to place an order within a time that failed with a 5xx. */
export function orderFailureRatio(range: string): string {
  const placed = 'service="api-gateway",method="POST",route="/orders"';
  return `sum(rate(http_requests_total{${placed},status=~"5.."}[${range}])) / sum(rate(http_requests_total{${placed}}[${range}]))`;
}

/** Part of the attempts at a charge that failed at the provider. */
export const paymentFailureRatio =
  'sum(rate(payments_total{outcome="failed"}[10m])) / sum(rate(payments_total[10m]))';

/** Part of the disk that is free on each file system of a node. */
export const freeDiskRatio =
  'min by (instance, mountpoint) (node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs"} / node_filesystem_size_bytes{fstype!~"tmpfs|ramfs"})';

/** Part of each volume that is free. */
export const freeVolumeRatio =
  'min by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes)';

/** Part of its limit that Redis uses of its memory; without a limit there is no result. */
export const redisMemoryRatio = 'redis_memory_used_bytes / (redis_memory_max_bytes > 0)';
