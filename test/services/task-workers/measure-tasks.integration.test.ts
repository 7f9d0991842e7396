import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { measureTasks } from '../../../workers/services/task-workers/measure-tasks.ts';
import { createMetrics, type Metrics } from '../../../workers/telemetry/metrics.ts';
import { Bench, type TestWorker } from '../../celery/worker/test-worker.ts';
import { eventually } from '../../harness/eventually.ts';

const declared = {
  'tests.add': { queue: 'celery' },
  'tests.fail': { queue: 'celery' },
  'tests.elsewhere': { queue: 'other-queue' },
};

let bench: Bench;
let worker: TestWorker;
let metrics: Metrics;
beforeAll(async () => {
  bench = await Bench.set();
  worker = await bench.worker({ nodeName: 'celery@here' });
  metrics = createMetrics('celery-worker');
  measureTasks(worker.worker, metrics, declared, 'celery');
}, 120_000);
afterAll(() => bench.clear());

/** The value of a metric for the labels given; undefined where it is not shown. */
async function shown(
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const { body } = await metrics.scrape();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = body
    .split('\n')
    .find((each) => each.startsWith(`${name}{`) && wanted.every((label) => each.includes(label)));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

const ofTask = (name: string) => ({ name, hostname: 'celery@here', queue_name: 'celery' });

describe('the metrics of a worker of tasks', () => {
  it('show the tasks of its own queue as 0 before any ran, and no others', async () => {
    for (const what of ['received', 'started', 'succeeded', 'retried', 'rejected', 'revoked'])
      expect(await shown(`celery_task_${what}_total`, ofTask('tests.add'))).toBe(0);
    expect(await shown('celery_task_runtime_count', ofTask('tests.add'))).toBe(0);
    expect(await shown('celery_task_received_total', { name: 'tests.elsewhere' })).toBeUndefined();
  });

  it('count a task that succeeds once at each step', async () => {
    await bench.result(await bench.send({ task: 'tests.add', args: [1, 2] }));
    await eventually(async () =>
      expect(await shown('celery_task_succeeded_total', ofTask('tests.add'))).toBe(1),
    );
    for (const what of ['received', 'started'])
      expect([what, await shown(`celery_task_${what}_total`, ofTask('tests.add'))]).toEqual([what, 1]);
    expect(await shown('celery_task_runtime_count', ofTask('tests.add'))).toBe(1);
    expect(await shown('celery_task_failed_total', { name: 'tests.add' })).toBeUndefined();
  });

  it('count a failure by its exception, and how long it took', async () => {
    await bench.result(await bench.send({ task: 'tests.fail' }));
    await eventually(async () =>
      expect(
        await shown('celery_task_failed_total', { ...ofTask('tests.fail'), exception: 'ValueError' }),
      ).toBe(1),
    );
    expect(await shown('celery_task_runtime_count', ofTask('tests.fail'))).toBe(1);
    expect(await shown('celery_task_succeeded_total', ofTask('tests.fail'))).toBe(0);
  });

  it('count each further attempt as retried and sent, and the task as received again', async () => {
    await bench.result(await bench.send({ task: 'tests.try_until', args: [2] }));
    await eventually(async () =>
      expect(await shown('celery_task_succeeded_total', ofTask('tests.try_until'))).toBe(1),
    );
    expect(await shown('celery_task_retried_total', ofTask('tests.try_until'))).toBe(2);
    expect(await shown('celery_task_sent_total', ofTask('tests.try_until'))).toBe(2);
    expect(await shown('celery_task_received_total', ofTask('tests.try_until'))).toBe(3);
  });

  it('keep names that strangers make up out of the labels', async () => {
    const link = { task: 'made.up', args: [], kwargs: {}, options: { queue: 'made-up' }, immutable: true };
    await bench.result(await bench.send({ task: 'tests.add', args: [1, 2], embed: { callbacks: [link] } }));
    await eventually(async () =>
      expect(await shown('celery_task_sent_total', { name: 'other', queue_name: 'other' })).toBe(1),
    );
    expect((await metrics.scrape()).body).not.toContain('made');
  });

  it('show what runs and what waits now', async () => {
    for (let count = 0; count < 4; count += 1) await bench.send({ task: 'tests.sleep', args: [60_000] });
    await eventually(async () =>
      expect(await shown('celery_worker_tasks_active', { hostname: 'celery@here' })).toBe(4),
    );
    expect(await shown('celery_worker_up', { hostname: 'celery@here' })).toBe(1);
    // Four run and the worker holds sixteen in all.
    for (let count = 0; count < 15; count += 1) await bench.send({ task: 'tests.add', args: [1, 2] });
    await eventually(async () =>
      expect(await shown('celery_queue_length', { queue_name: 'celery' })).toBe(3),
    );
  });

  it('show a worker that has ended as down, and say nothing of its queues', async () => {
    await worker.stop();
    expect(await shown('celery_worker_up', { hostname: 'celery@here' })).toBe(0);
    expect(await shown('celery_queue_length')).toBeUndefined();
  });
});
