import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { startTcpProxy, type TcpProxy } from '../../harness/tcp-proxy.ts';
import { Bench } from './test-worker.ts';

describe('a worker whose broker goes away', () => {
  let bench: Bench;
  let proxy: TcpProxy;
  let url: string;

  beforeAll(async () => {
    bench = await Bench.set();
  });
  afterAll(() => bench?.clear());
  beforeEach(async () => {
    const target = new URL(bench.vhost.url);
    proxy = await startTcpProxy(Number(target.port));
    target.port = String(proxy.port);
    url = target.href;
  });
  afterEach(() => proxy.close());

  it('consumes again, also from queues that were added since', async () => {
    const worker = await bench.worker({ connection: { url }, queues: [{ name: 'first' }] });
    await worker.worker.view.addConsumer({ name: 'added' });
    await eventually(() => expect(worker.told('subscribed')).toHaveLength(2));
    proxy.cut();
    await eventually(() => expect(worker.told('subscribed')).toHaveLength(4));
    for (const queue of ['first', 'added']) {
      expect(await bench.result(await bench.send({ args: [1, 2], queue }))).toMatchObject({ result: 3 });
    }
    await worker.worker.view.cancelConsumer('added');
    proxy.cut();
    await eventually(() => expect(worker.told('subscribed')).toHaveLength(5));
    expect(worker.worker.view.queues().map(({ name }) => name)).toEqual(['first']);
    await worker.stop();
  });

  it('acknowledges nothing of the old connection on the new one, and does not run what succeeded again', async () => {
    const worker = await bench.worker({ connection: { url }, queues: [{ name: 'cut' }], concurrency: 1 });
    const id = await bench.send({ task: 'tests.sleep', args: [1_500], queue: 'cut' });
    await eventually(() => expect(worker.told('started')).toHaveLength(1));
    const waiting = await bench.send({ args: [1, 2], queue: 'cut' });
    proxy.cut();
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS' });
    await eventually(() => expect(worker.told('duplicate').map((event) => event.id)).toEqual([id]));
    expect(await bench.result(waiting)).toMatchObject({ result: 3 });
    expect(worker.told('started').filter((event) => event.id === id)).toHaveLength(1);
    await eventually(async () => expect(await bench.depth('cut')).toEqual({ ready: 0, unacknowledged: 0 }));
    expect(worker.log.lines.filter(({ message }) => message.includes('406'))).toEqual([]);
    await worker.stop();
  });

  it('sends what follows from a task once the broker is back', async () => {
    const worker = await bench.worker({
      connection: { url, heartbeatSeconds: 1 },
      queues: [{ name: 'after' }],
    });
    const link = {
      task: 'tests.echo',
      args: [],
      kwargs: {},
      options: { task_id: 'follows', queue: 'after' },
      subtask_type: null,
      immutable: false,
    };
    const call = { task: 'tests.sleep_early', args: [1_000], embed: { callbacks: [link] }, queue: 'after' };
    const id = await bench.send(call);
    await eventually(() => expect(worker.told('started')).toHaveLength(1));
    proxy.swallow();
    await eventually(() => expect(worker.worker.health().connected).toBe(false));
    proxy.restore();
    expect(await bench.result('follows')).toMatchObject({ result: [['rested'], {}] });
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS' });
    await worker.stop();
  });

  it('consumes again when its queue was deleted', async () => {
    const worker = await bench.worker({ connection: { url }, queues: [{ name: 'deleted' }] });
    await bench.vhost.api(`queues/${bench.vhost.vhost}/deleted`, { method: 'DELETE' });
    await eventually(() => expect(worker.told('subscribed')).toHaveLength(2));
    expect(await bench.result(await bench.send({ args: [1, 2], queue: 'deleted' }))).toMatchObject({
      result: 3,
    });
    await worker.stop();
  });
});

describe('a worker whose Redis goes away', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.set();
  });
  afterAll(() => bench?.clear());

  it('begins no more tasks, keeps the messages of those that ended, and stores their results once it is back', async () => {
    const worker = await bench.worker({ concurrency: 2 });
    const first = await bench.send({ task: 'tests.sleep', args: [500] });
    await eventually(() => expect(worker.told('started')).toHaveLength(1));
    await bench.redis.stop();
    await eventually(() => expect(worker.worker.health().results).toBe(false));
    const others = await Promise.all([1, 2, 3].map((n) => bench.send({ args: [n, n] })));
    await eventually(() => expect(worker.told('received')).toHaveLength(4));
    expect(worker.told('started')).toHaveLength(1);
    await eventually(async () =>
      expect(await bench.depth('celery')).toEqual({ ready: 0, unacknowledged: 4 }),
    );
    await bench.redis.start();
    expect(await bench.result(first)).toMatchObject({ status: 'SUCCESS', result: 'rested' });
    for (const id of others) expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS' });
    await eventually(async () =>
      expect(await bench.depth('celery')).toEqual({ ready: 0, unacknowledged: 0 }),
    );
    expect(worker.told('started')).toHaveLength(4);
  });
});
