import type { Platform } from '../../platform/platform.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { createTaskMetrics } from '../../telemetry/task-metrics.ts';
import { beatName } from './scheduled-run.ts';

/**
 * Counts the tasks that a beat publishes; those of the schedule are shown as 0 from the start.
 * @returns takes each entry whose task is at the broker
 */
export function measureBeat(
  { schedule, tasks }: Pick<Platform, 'schedule' | 'tasks'>,
  metrics: Metrics,
): (entry: string) => void {
  const measured = createTaskMetrics(metrics, beatName);
  const taskOf = new Map(
    Object.entries(schedule).map(([entry, { task: name }]) => [
      entry,
      { name, queue: tasks[name]?.queue ?? 'celery' },
    ]),
  );
  measured.expect([...taskOf.values()], ['sent']);
  return (entry) => {
    const task = taskOf.get(entry);
    if (task !== undefined) measured.occurred('sent', task);
  };
}
