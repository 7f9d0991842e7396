import { describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { measureSentTasks } from '../../../workers/services/host/measure-sent-tasks.ts';
import { createMetrics } from '../../../workers/telemetry/metrics.ts';

/** The counts of a service that may send two tasks, after it has sent these. */
async function countsAfter(...sent: readonly string[]): Promise<readonly string[]> {
  const metrics = createMetrics('beat');
  const names = ['tasks.cleanup_carts', 'tasks.send_delivery_update'];
  const tell = measureSentTasks(metrics, 'beat@here', smartEats.tasks, names);
  for (const name of sent) tell(name);
  const { body } = await metrics.scrape();
  return [
    ...body.matchAll(/^celery_task_sent_total\{(?:.*,)?name="([^"]+)".*queue_name="([^"]+)".*\} (\d+)$/gm),
  ].map(([, name, queue, count]) => `${name} to ${queue}: ${count}`);
}

describe('the tasks that a service sends', () => {
  it('are shown as 0 before the first, each with the queue that it is declared for', async () => {
    expect(await countsAfter()).toEqual([
      'tasks.cleanup_carts to celery: 0',
      'tasks.send_delivery_update to notifications: 0',
    ]);
  });

  it('are counted by name, and what it was not expected to send is not', async () => {
    expect(await countsAfter('tasks.cleanup_carts', 'tasks.cleanup_carts', 'made.up')).toEqual([
      'tasks.cleanup_carts to celery: 2',
      'tasks.send_delivery_update to notifications: 0',
    ]);
  });
});
