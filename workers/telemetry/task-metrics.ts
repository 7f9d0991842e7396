import type { Metrics } from './metrics.ts';

/** A task as its metrics tell it apart: by its declared name and queue, never by its id. */
export interface MeasuredTask {
  readonly name: string;
  readonly queue: string;
}

/** What happens to tasks without a number of its own. */
export type TaskOccurrence =
  | 'sent'
  | 'received'
  | 'started'
  | 'succeeded'
  | 'retried'
  | 'rejected'
  | 'revoked';

/** Takes what task workers and their clients do into the metrics of celery-exporter's names. */
export interface TaskMetrics {
  occurred(what: TaskOccurrence, task: MeasuredTask): void;
  /** @param exception class of the error, e.g. `TimeLimitExceeded` */
  failed(task: MeasuredTask, exception: string): void;
  /** How long a task ran, however it ended. */
  ran(task: MeasuredTask, seconds: number): void;
  workerUp(isUp: boolean): void;
  /** How many tasks the worker runs now. */
  active(count: number): void;
  /** How many messages wait in a task queue. */
  queueLength(queue: string, messages: number): void;
  /** Shows every count of these tasks as 0, so that the first one is seen as a rise. */
  expect(tasks: readonly MeasuredTask[]): void;
}

const occurrences: readonly TaskOccurrence[] = [
  'received',
  'started',
  'succeeded',
  'retried',
  'rejected',
  'revoked',
];

/** @param hostname the name of the worker's node, such as `celery@host`: one for each process, kept over restarts */
export function createTaskMetrics(
  metrics: Pick<Metrics, 'count' | 'set' | 'observe'>,
  hostname: string,
): TaskMetrics {
  const labels = ({ name, queue }: MeasuredTask) => ({ name, hostname, queue_name: queue });
  return {
    occurred: (what, task) => metrics.count(`celery_task_${what}_total`, labels(task)),
    failed: (task, exception) => metrics.count('celery_task_failed_total', { ...labels(task), exception }),
    ran: (task, seconds) => metrics.observe('celery_task_runtime', labels(task), seconds),
    workerUp: (isUp) => metrics.set('celery_worker_up', { hostname }, isUp ? 1 : 0),
    active: (count) => metrics.set('celery_worker_tasks_active', { hostname }, count),
    queueLength: (queue, messages) => metrics.set('celery_queue_length', { queue_name: queue }, messages),
    expect: (tasks) => {
      for (const task of tasks) {
        for (const what of occurrences) metrics.count(`celery_task_${what}_total`, labels(task), 0);
      }
    },
  };
}
