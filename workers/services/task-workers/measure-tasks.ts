import type { TaskWorker } from '../../celery/worker/task-worker.ts';
import { settlesWithin } from '../../messaging/pause.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { createTaskMetrics, type MeasuredTask } from '../../telemetry/task-metrics.ts';

/** How long the broker may take to say how long its queues are, in milliseconds. */
const patienceMs = 2_000;

/** What anybody may name, and what would make a series of its own each time. */
const unknown = 'other';

/**
 * Feeds what happens in a worker of tasks into the declared metrics. The counts of the tasks of its own queue are shown
 * as 0 from the start; what it sends that is not declared counts as `other`.
 */
export function measureTasks(
  worker: Pick<TaskWorker, 'view' | 'health' | 'queueLengths' | 'on'>,
  metrics: Metrics,
  declared: Readonly<Record<string, { readonly queue: string }>>,
  ownQueue: string,
): void {
  const measured = createTaskMetrics(metrics, worker.view.nodeName);
  const all = Object.entries(declared).map(([name, { queue }]): MeasuredTask => ({ name, queue }));
  const queues = new Set(all.map(({ queue }) => queue));
  const own = new Set(worker.view.tasks().map(({ name }) => name));
  measured.expect(all.filter(({ queue }) => queue === ownQueue));
  for (const what of ['received', 'started', 'retried', 'rejected', 'revoked'] as const) {
    worker.on(what, ({ task, queue }) => measured.occurred(what, { name: task, queue }));
  }
  worker.on('sent', ({ task, queue }) =>
    measured.occurred('sent', {
      name: task in declared || own.has(task) ? task : unknown,
      queue: queues.has(queue) ? queue : unknown,
    }),
  );
  worker.on('succeeded', ({ task, queue, runtimeSeconds }) => {
    measured.occurred('succeeded', { name: task, queue });
    measured.ran({ name: task, queue }, runtimeSeconds);
  });
  worker.on('failed', ({ task, queue, exception, runtimeSeconds }) => {
    measured.failed({ name: task, queue }, exception.exc_type);
    if (runtimeSeconds !== undefined) measured.ran({ name: task, queue }, runtimeSeconds);
  });
  metrics.beforeScrape(() => {
    const { connected, active } = worker.health();
    measured.workerUp(connected);
    measured.active(active);
  });
  metrics.beforeScrape(async () => {
    const asked = worker.queueLengths();
    const answered = await settlesWithin(asked, patienceMs);
    // What the queues held before the broker went away says nothing of now.
    measured.queueLengths(answered ? await asked.catch(() => new Map()) : new Map());
  });
}
