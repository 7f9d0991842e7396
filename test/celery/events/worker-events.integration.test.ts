import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTcpProxy } from '../../harness/tcp-proxy.ts';
import { describeEachCelery } from '../interop/each-celery.ts';
import { Bench } from '../worker/test-worker.ts';
import { EventWatcher } from './event-watcher.ts';

describeEachCelery('a watched worker', (python) => {
  let bench: Bench;
  let watcher: EventWatcher;

  beforeAll(async () => {
    bench = await Bench.set();
    watcher = await EventWatcher.open(bench.vhost.url, python);
  });
  afterAll(async () => {
    await watcher?.close();
    await bench?.clear();
  });

  const of = (type: string, node: string) => watcher.of(type).filter(({ hostname }) => hostname === node);
  const watched = { monitoring: celeryMonitoring, taskEvents: true };

  it('says that it is there, that it lives, and that it is gone', async () => {
    const node = 'whole@life';
    const worker = await bench.worker({ ...watched, nodeName: node });
    await eventually(() => expect(of('worker-online', node)).toHaveLength(1));
    await eventually(() => expect(of('worker-heartbeat', node).length).toBeGreaterThan(0));
    expect(of('worker-offline', node)).toEqual([]);
    await worker.stop();
    await eventually(() => expect(of('worker-offline', node)).toHaveLength(1));
    const [offline] = of('worker-offline', node);
    expect(offline).toMatchObject({
      freq: 2,
      active: 0,
      processed: 0,
      loadavg: [expect.any(Number), expect.any(Number), expect.any(Number)],
      sw_ident: expect.any(String),
      sw_ver: expect.any(String),
      sw_sys: 'Linux',
      pid: process.pid,
    });
    const clocks = ['worker-online', 'worker-heartbeat', 'worker-offline'].flatMap((type) =>
      of(type, node).map(({ clock }) => Number(clock)),
    );
    expect(clocks).toEqual([...clocks].sort((one, other) => one - other));
  });

  it('goes on to say that it lives while a task keeps a processor busy, and how much it has to do', async () => {
    const node = 'busy@here';
    const worker = await bench.worker({
      ...watched,
      nodeName: node,
      queues: [{ name: 'busy' }],
      taskModule: new URL('../worker/fixtures/tasks.ts', import.meta.url),
    });
    await bench.result(await bench.send({ queue: 'busy', args: [1, 2] }));
    const id = await bench.send({ queue: 'busy', task: 'tests.spin', args: [7_000] });
    await eventually(() => expect(watcher.of('task-started', id)).toHaveLength(1));
    await eventually(() => expect(watcher.of('task-succeeded', id)).toHaveLength(1));
    const during = of('worker-heartbeat', node).filter(({ active }) => active === 1);
    expect(during.length).toBeGreaterThanOrEqual(2);
    expect(during.map(({ processed }) => processed)).toContain(2);
    await worker.stop();
  });

  it('goes on to say that it lives while it only waits for its last task to end', async () => {
    const node = 'leaving@here';
    const worker = await bench.worker({ ...watched, nodeName: node, queues: [{ name: 'leaving' }] });
    const id = await bench.send({ queue: 'leaving', task: 'tests.sleep', args: [5_000] });
    await eventually(() => expect(watcher.of('task-started', id)).toHaveLength(1));
    const before = of('worker-heartbeat', node).length;
    await worker.worker.stop('warm');
    await eventually(() => expect(of('worker-offline', node)).toHaveLength(1));
    expect(watcher.of('task-succeeded', id)).toHaveLength(1);
    expect(of('worker-heartbeat', node).length).toBeGreaterThan(before);
  });

  it('is told as it was by a receiver in another time zone', async () => {
    const elsewhere = await EventWatcher.open(bench.vhost.url, python, { TZ: 'Asia/Tokyo' });
    const worker = await bench.worker({ ...watched, nodeName: 'zone@here', queues: [{ name: 'zone' }] });
    const id = await bench.send({ queue: 'zone', args: [1, 2] });
    await eventually(() => expect(elsewhere.of('task-succeeded', id)).toHaveLength(1));
    const [there] = elsewhere.of('task-succeeded', id);
    await eventually(() => expect(watcher.of('task-succeeded', id)).toHaveLength(1));
    expect(there?.['timestamp']).toBe(watcher.of('task-succeeded', id)[0]?.['timestamp']);
    await worker.stop();
    await elsewhere.close();
  });

  it('says again that it is there after the broker was away, and what its tasks did meanwhile', async () => {
    const target = new URL(bench.vhost.url);
    const proxy = await startTcpProxy(Number(target.port));
    target.port = String(proxy.port);
    const node = 'back@again';
    const connection = { url: target.href };
    const worker = await bench.worker({ ...watched, connection, nodeName: node, queues: [{ name: 'back' }] });
    await eventually(() => expect(of('worker-online', node)).toHaveLength(1));
    const id = await bench.send({ queue: 'back', task: 'tests.sleep_early', args: [1_000] });
    await eventually(() => expect(watcher.of('task-started', id)).toHaveLength(1));
    proxy.cut();
    await eventually(() => expect(of('worker-online', node)).toHaveLength(2));
    await eventually(() => expect(watcher.of('task-succeeded', id)).toHaveLength(1));
    await worker.stop();
    await proxy.close();
  });

  it('says nothing of its tasks where nobody wants to know', async () => {
    const node = 'silent@here';
    const worker = await bench.worker({
      ...watched,
      taskEvents: false,
      nodeName: node,
      queues: [{ name: 'silent' }],
    });
    const id = await bench.send({ queue: 'silent', args: [1, 2] });
    await bench.result(id);
    await worker.stop();
    await eventually(() => expect(of('worker-offline', node)).toHaveLength(1));
    expect(watcher.typesOf(id)).toEqual([]);
  });
});
