import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Bench } from './test-worker.ts';

describe('a worker that shuts down', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.set();
  });
  afterAll(() => bench?.clear());

  it('finishes what runs when it is warm, and gives the rest back', async () => {
    const worker = await bench.worker({ concurrency: 2, queues: [{ name: 'warm' }] });
    const ids = Array.from({ length: 6 }, (_, index) => `warm-${index}`);
    for (const id of ids) await bench.send({ task: 'tests.sleep', id, args: [1_500], queue: 'warm' });
    await eventually(() => expect(worker.told('received')).toHaveLength(6));
    await worker.worker.stop('warm');
    expect(worker.told('succeeded')).toHaveLength(2);
    expect(worker.told('handedBack')).toEqual([{ count: 4 }]);
    for (const id of ids.slice(0, 2)) expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS' });
    await eventually(async () => expect(await bench.depth('warm')).toEqual({ ready: 4, unacknowledged: 0 }));
    const next = await bench.worker({ concurrency: 4, queues: [{ name: 'warm' }] });
    for (const id of ids) expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS' });
    expect(next.told('started')).toHaveLength(4);
    await next.stop();
  });

  it('ends what runs when it is cold, and its message comes again', async () => {
    const worker = await bench.worker({ queues: [{ name: 'cold' }] });
    const id = await bench.send({ task: 'tests.sleep', args: [3_600_000], queue: 'cold' });
    await eventually(() => expect(worker.told('started')).toHaveLength(1));
    await worker.worker.stop('cold');
    expect(await bench.backend.read(id)).toBeUndefined();
    await eventually(async () => expect(await bench.depth('cold')).toEqual({ ready: 1, unacknowledged: 0 }));
  });

  it('says of an acknowledged task that it did not end, when it is cold', async () => {
    const worker = await bench.worker({ queues: [{ name: 'cold-early' }] });
    const id = await bench.send({ task: 'tests.sleep_early', args: [3_600_000], queue: 'cold-early' });
    await eventually(() => expect(worker.told('started')).toHaveLength(1));
    await worker.worker.stop('cold');
    expect(await bench.backend.read(id)).toMatchObject({
      status: 'RETRY',
      result: { exc_type: 'TaskCancelled' },
    });
    expect(await bench.depth('cold-early')).toEqual({ ready: 0, unacknowledged: 0 });
  });

  it('gives what runs some time when it is soft', async () => {
    const worker = await bench.worker({ queues: [{ name: 'soft' }], softShutdownSeconds: 3 });
    const brief = await bench.send({ task: 'tests.sleep', args: [500], queue: 'soft' });
    const long = await bench.send({ task: 'tests.sleep', args: [3_600_000], queue: 'soft' });
    await eventually(() => expect(worker.told('started')).toHaveLength(2));
    await worker.worker.stop('soft');
    expect(await bench.result(brief)).toMatchObject({ status: 'SUCCESS' });
    expect(await bench.backend.read(long)).toBeUndefined();
    await eventually(async () => expect(await bench.depth('soft')).toEqual({ ready: 1, unacknowledged: 0 }));
  });

  it('can be hastened', async () => {
    const worker = await bench.worker({ queues: [{ name: 'hastened' }] });
    await bench.send({ task: 'tests.sleep', args: [3_600_000], queue: 'hastened' });
    await eventually(() => expect(worker.told('started')).toHaveLength(1));
    const ended = worker.worker.stop('warm');
    await worker.worker.stop('cold');
    await ended;
    await worker.worker.ended;
  });

  it('ends at once when nothing runs, also before it ever reached its broker', async () => {
    const worker = await bench.worker({ queues: [{ name: 'idle' }] });
    worker.worker.view.shutdown();
    await worker.worker.ended;
    const { createTaskWorker } = await import('../../../workers/celery/worker/task-worker.ts');
    const lost = createTaskWorker({
      connection: { url: 'amqp://127.0.0.1:1/none' },
      backend: bench.backend,
      tasks: [],
      log: worker.log,
    });
    lost.start();
    await lost.stop('warm');
  });
});
