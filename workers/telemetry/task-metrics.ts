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
  /** How long a task ran until it succeeded or failed. */
  ran(task: MeasuredTask, seconds: number): void;
  workerUp(isUp: boolean): void;
  /** How many tasks the worker runs now. */
  active(count: number): void;
  /** How many messages wait in each task queue; nothing is shown of any other. */
  queueLengths(lengths: ReadonlyMap<string, number>): void;
  /**
   * Shows counts of these tasks as 0, so that the first one is seen as a rise.
   * @param what @default what happens in a worker
   */
  expect(tasks: readonly MeasuredTask[], what?: readonly TaskOccurrence[]): void;
}

const inWorkers: readonly TaskOccurrence[] = [
  'received',
  'started',
  'succeeded',
  'retried',
  'rejected',
  'revoked',
];

/** @param hostname the name of the worker's node, such as `celery@host`: one for each process, kept over restarts */
export function createTaskMetrics(
  metrics: Pick<Metrics, 'count' | 'set' | 'replace' | 'observe' | 'expect'>,
  hostname: string,
): TaskMetrics {
  const labels = ({ name, queue }: MeasuredTask) => ({ name, hostname, queue_name: queue });
  return {
    occurred: (what, task) => metrics.count(`celery_task_${what}_total`, labels(task)),
    failed: (task, exception) => metrics.count('celery_task_failed_total', { ...labels(task), exception }),
    ran: (task, seconds) => metrics.observe('celery_task_runtime', labels(task), seconds),
    workerUp: (isUp) => metrics.set('celery_worker_up', { hostname }, isUp ? 1 : 0),
    active: (count) => metrics.set('celery_worker_tasks_active', { hostname }, count),
    queueLengths: (lengths) =>
      metrics.replace(
        'celery_queue_length',
        [...lengths].map(([queue, messages]) => [{ queue_name: queue }, messages] as const),
      ),
    expect: (tasks, what = inWorkers) => {
      for (const task of tasks) {
        for (const each of what) metrics.count(`celery_task_${each}_total`, labels(task), 0);
        if (what.includes('succeeded')) metrics.expect('celery_task_runtime', labels(task));
      }
    },
  };
}
