import type { Platform } from '../../platform/platform.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { createTaskMetrics } from '../../telemetry/task-metrics.ts';

/**
 * Counts the tasks that a service sends.
 * @param sender as the messages name it, without what changes with each start
 * @param names the tasks that it may send, shown as 0 from the start
 * @returns is told of each task that is at the broker
 */
export function measureSentTasks(
  metrics: Metrics,
  sender: string,
  tasks: Platform['tasks'],
  names: readonly string[],
): (name: string) => void {
  const measured = createTaskMetrics(metrics, sender);
  const known = names.flatMap((name) => {
    const queue = tasks[name]?.queue;
    return queue === undefined ? [] : [{ name, queue }];
  });
  measured.expect(known, ['sent']);
  return (name) => {
    const task = known.find((each) => each.name === name);
    if (task !== undefined) measured.occurred('sent', task);
  };
}
