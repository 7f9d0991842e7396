import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Bench, type TestWorker } from './test-worker.ts';

describe('what remote control sees of a worker and does to it', () => {
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
    worker = await bench.worker({ concurrency: 1, prefetchMultiplier: 2, nodeName: 'seen@here' });
  });
  afterAll(() => bench?.clear());

  it('tells what runs, what waits, and how often each task has run', async () => {
    const runs = await bench.send({ task: 'tests.sleep', args: [1_000] });
    const waits = await bench.send({ args: [1, 2], headers: { shadow: 'shown as this' } });
    const { view } = worker.worker;
    await eventually(() =>
      expect(view.reserved()).toMatchObject([{ request: { id: waits }, pid: undefined }]),
    );
    expect(view.active()).toMatchObject([
      { request: { id: runs }, acknowledged: false, pid: process.pid, startedAt: expect.any(Number) },
    ]);
    await bench.result(waits);
    expect(view.figures()).toMatchObject({
      concurrency: 1,
      prefetchCount: 2,
      totals: { 'tests.sleep': 1, 'shown as this': 1 },
      broker: { hostname: '127.0.0.1', tls: false, virtualHost: bench.vhost.vhost },
    });
  });

  it('shows no password among the settings', () => {
    const { password } = new URL(bench.vhost.url);
    const text = JSON.stringify(worker.worker.view.configuration());
    expect(text).not.toContain(password);
    expect(text).toContain('********');
  });

  it('lets more run at the same time, and hold more', async () => {
    const { view } = worker.worker;
    view.grow(2);
    expect(view.figures().concurrency).toBe(3);
    await eventually(() => expect(view.figures().prefetchCount).toBe(6));
    const ids = await Promise.all([1, 2, 3].map(() => bench.send({ task: 'tests.sleep', args: [60_000] })));
    await eventually(() => expect(view.active()).toHaveLength(3));
    await view.revoke(ids, { terminate: true, signal: 'SIGTERM' });
    await eventually(() => expect(view.active()).toEqual([]));
  });

  it('lets fewer run, but one at least', async () => {
    const { view } = worker.worker;
    view.shrink(9);
    expect(view.figures().concurrency).toBe(1);
    await bench.send({ task: 'tests.sleep', args: [2_000] });
    const last = await bench.send({ task: 'tests.sleep', args: [1] });
    await eventually(() => expect(view.active()).toHaveLength(1));
    await eventually(() => expect(view.reserved()).toHaveLength(1));
    await bench.result(last);
  });

  it('follows the load where it is told to', async () => {
    const { view } = worker.worker;
    expect(view.figures().autoscale).toBeUndefined();
    expect(view.autoscale(3, 1)).toEqual({ max: 3, min: 1 });
    const ids = await Promise.all(
      [1, 2, 3, 4].map(() => bench.send({ task: 'tests.sleep', args: [60_000] })),
    );
    await eventually(() => expect(view.figures().autoscale).toEqual({ max: 3, min: 1, current: 3 }));
    await view.revoke(ids, { terminate: true, signal: 'SIGTERM' });
  });

  it('consumes one more queue, and no longer', async () => {
    const { view } = worker.worker;
    await view.addConsumer({ name: 'more', exchange: 'more-of-it', routingKey: 'more-key' });
    await eventually(() => expect(view.queues().map(({ name }) => name)).toEqual(['celery', 'more']));
    expect(view.queues().at(-1)).toEqual({
      name: 'more',
      exchange: 'more-of-it',
      exchangeType: 'direct',
      routingKey: 'more-key',
      type: 'quorum',
    });
    await eventually(() => expect(worker.told('subscribed').map(({ queue }) => queue)).toContain('more'));
    expect(await bench.result(await bench.send({ args: [1, 2], queue: 'more' }))).toMatchObject({
      result: 3,
    });
    await view.cancelConsumer('more');
    await bench.send({ args: [1, 2], queue: 'more' });
    await eventually(async () => expect(await bench.depth('more')).toMatchObject({ ready: 1 }));
  });
});
