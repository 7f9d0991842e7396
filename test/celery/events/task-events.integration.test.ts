import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { eventually } from '../../harness/eventually.ts';
import { describeEachCelery } from '../interop/each-celery.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { EventWatcher } from './event-watcher.ts';

describeEachCelery('received events about tasks', (python) => {
  let bench: Bench;
  let worker: TestWorker;
  let watcher: EventWatcher;

  beforeAll(async () => {
    bench = await Bench.set();
    watcher = await EventWatcher.open(bench.vhost.url, python);
    worker = await bench.worker({
      monitoring: celeryMonitoring,
      taskEvents: true,
      nodeName: 'told@here',
      taskModule: new URL('../worker/fixtures/tasks.ts', import.meta.url),
    });
  });
  afterAll(async () => {
    await watcher?.close();
    await bench?.clear();
  });

  const event = (type: string, uuid: string) =>
    eventually(() => {
      const [found, ...more] = watcher.of(type, uuid);
      expect(more).toEqual([]);
      if (found === undefined) throw new Error(`no ${type} of ${uuid}`);
      return found;
    });

  it('tell who says it, when, and in which order', async () => {
    const before = Date.now() / 1000;
    const id = await bench.send({ args: [1, 2] });
    await bench.result(id);
    await event('task-succeeded', id);
    expect(watcher.typesOf(id)).toEqual(['task-received', 'task-started', 'task-succeeded']);
    const { timestamp, clock } = await event('task-received', id);
    expect(timestamp).toBeGreaterThanOrEqual(Math.floor(before));
    expect(timestamp).toBeLessThanOrEqual(Date.now() / 1000);
    expect(clock).toEqual(expect.any(Number));
    expect(await event('task-started', id)).toMatchObject({ hostname: 'told@here', pid: process.pid });
  });

  it('show a task that arrived as Flower lists it', async () => {
    const expires = '2099-01-02T03:04:05+00:00';
    const id = await bench.send({
      task: 'tests.echo',
      args: ['a'],
      headers: {
        argsrepr: "['a']",
        kwargsrepr: "{'b': None}",
        root_id: 'root',
        parent_id: 'parent',
        retries: 2,
        expires,
      },
    });
    expect(await event('task-received', id)).toMatchObject({
      name: 'tests.echo',
      args: "['a']",
      kwargs: "{'b': None}",
      root_id: 'root',
      parent_id: 'parent',
      retries: 2,
      eta: null,
      expires: '2099-01-02T03:04:05.000Z',
    });
  });

  it('show the result as Python writes it, and the runtime in seconds', async () => {
    const id = await bench.send({ task: 'tests.sleep', args: [120] });
    const { result, runtime } = await event('task-succeeded', id);
    expect(result).toBe("'rested'");
    expect(runtime).toBeGreaterThan(0.1);
    expect(runtime).toBeLessThan(30);
  });

  it('show an exception and its traceback', async () => {
    const id = await bench.send({ task: 'tests.fail' });
    const { exception, traceback } = await event('task-failed', id);
    expect(exception).toBe("ValueError('boom', 42)");
    expect(traceback).toContain('ValueError');
    expect(watcher.typesOf(id)).toEqual(['task-received', 'task-started', 'task-failed']);
  });

  it('tell each attempt of a task that is tried again', async () => {
    const id = await bench.send({ task: 'tests.try_until', args: [1] });
    await event('task-succeeded', id);
    expect(await event('task-retried', id)).toMatchObject({ exception: 'ConnectionError(0)' });
    expect(watcher.typesOf(id)).toEqual([
      'task-received',
      'task-started',
      'task-retried',
      'task-received',
      'task-started',
      'task-succeeded',
    ]);
    expect(watcher.of('task-received', id).map(({ retries }) => retries)).toEqual([0, 1]);
  });

  it('tell of a task that was revoked before it ran', async () => {
    const { view } = worker.worker;
    await view.revoke(['unwanted'], { terminate: false, signal: 'SIGTERM' });
    const id = await bench.send({ id: 'unwanted', args: [1, 2] });
    expect(await event('task-revoked', id)).toMatchObject({
      terminated: false,
      signum: null,
      expired: false,
    });
  });

  it('tell of a task that was ended while it ran, and by which signal', async () => {
    const id = await bench.send({ task: 'tests.sleep', args: [60_000] });
    await event('task-started', id);
    await worker.worker.view.revoke([id], { terminate: true, signal: 'SIGKILL' });
    expect(await event('task-revoked', id)).toMatchObject({ terminated: true, signum: 9, expired: false });
  });

  it('tell of a task that expired', async () => {
    const id = await bench.send({ args: [1, 2], headers: { expires: '2020-01-01T00:00:00+00:00' } });
    expect(await event('task-revoked', id)).toMatchObject({ terminated: false, signum: null, expired: true });
  });

  it('tell of a message that a task rejects', async () => {
    const id = await bench.send({ task: 'tests.reject' });
    expect(await event('task-rejected', id)).toMatchObject({ requeue: false });
  });

  it('tell of a task that nobody has, as Python does', async () => {
    const id = await bench.send({ task: 'tests.of_nobody' });
    expect(await event('task-failed', id)).toMatchObject({ exception: "NotRegistered('tests.of_nobody')" });
    expect(watcher.typesOf(id)).toEqual(['task-failed']);
  });

  it('tell of a hard time limit', async () => {
    const id = await bench.send({
      task: 'tests.spin',
      args: [60_000],
      headers: { timelimit: [0.5, null] },
    });
    expect(await event('task-failed', id)).toMatchObject({
      exception: 'TimeLimitExceeded(0.5)',
      traceback: null,
    });
  });

  it('arrive all when many tasks run at once, several in one message', async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, () => bench.send({ args: [1, 2] })));
    await eventually(() => {
      for (const id of ids) expect(watcher.of('task-succeeded', id)).toHaveLength(1);
    });
  });
});
