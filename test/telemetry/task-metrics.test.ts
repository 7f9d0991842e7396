import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../workers/telemetry/metrics.ts';
import { createTaskMetrics } from '../../workers/telemetry/task-metrics.ts';

const task = { name: 'tasks.cleanup_carts', queue: 'celery' };
const labels = 'name="tasks.cleanup_carts",hostname="celery@one",queue_name="celery"';

function taskMetrics() {
  const metrics = createMetrics('celery');
  return { tasks: createTaskMetrics(metrics, 'celery@one'), text: async () => (await metrics.scrape()).body };
}

describe('the metrics of tasks', () => {
  it('have the names and labels of celery-exporter', async () => {
    const { tasks, text } = taskMetrics();
    for (const what of [
      'sent',
      'received',
      'started',
      'succeeded',
      'retried',
      'rejected',
      'revoked',
    ] as const)
      tasks.occurred(what, task);
    tasks.failed(task, 'TimeLimitExceeded');
    tasks.ran(task, 0.3);
    tasks.workerUp(true);
    tasks.active(2);
    tasks.queueLengths(new Map([['celery', 7]]));
    const body = await text();
    for (const line of [
      `celery_task_received_total{${labels},service="celery"} 1`,
      `celery_task_sent_total{${labels},service="celery"} 1`,
      `celery_task_failed_total{${labels},exception="TimeLimitExceeded",service="celery"} 1`,
      `celery_task_runtime_count{${labels},service="celery"} 1`,
      'celery_worker_up{hostname="celery@one",service="celery"} 1',
      'celery_worker_tasks_active{hostname="celery@one",service="celery"} 2',
      'celery_queue_length{queue_name="celery",service="celery"} 7',
    ])
      expect(
        body.split('\n').map((each) => each.replace(/service="celery",(.*)}/, '$1,service="celery"}')),
      ).toContain(line);
  });

  it('show what a worker may run as 0 before it ran', async () => {
    const { tasks, text } = taskMetrics();
    tasks.expect([task]);
    const body = await text();
    expect(body).toContain(`celery_task_succeeded_total{${labels},service="celery"} 0`);
    expect(body).toMatch(/^celery_task_runtime_count\{.*name="tasks.cleanup_carts".*\} 0$/m);
  });
});
