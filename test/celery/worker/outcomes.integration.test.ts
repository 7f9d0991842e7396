import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Bench, type TestWorker } from './test-worker.ts';

describe('a worker', () => {
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
    worker = await bench.worker();
  });
  afterAll(() => bench?.clear());

  it('stores the value of a task, called by position, by name or both', async () => {
    const calls = [{ args: [2, 3] }, { kwargs: { x: 2, y: 3 } }, { args: [2], kwargs: { y: 3 } }];
    for (const call of calls) {
      const id = await bench.send(call);
      expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result: 5, traceback: null });
    }
  });

  it.each([
    [[1], "add() missing 1 required positional argument: 'y'"],
    [[1, 2, 3], 'add() takes 2 positional arguments but 3 were given'],
    [[1, 'two'], 'y: Invalid input: expected number, received string'],
  ])('stores a TypeError in the words of Python for the arguments %j', async (args, message) => {
    const id = await bench.send({ args });
    expect(await bench.result(id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'TypeError', exc_message: [message], exc_module: 'builtins' },
    });
  });

  it('stores the exception of a task, with where it was thrown', async () => {
    const { status, result, traceback } = await bench.result(await bench.send({ task: 'tests.fail' }));
    expect([status, result]).toEqual([
      'FAILURE',
      { exc_type: 'ValueError', exc_message: ['boom', 42], exc_module: 'builtins' },
    ]);
    expect(traceback).toContain('fixtures/tasks.ts');
  });

  it('stores a failure for a result that cannot be written', async () => {
    const id = await bench.send({ task: 'tests.unwritable' });
    expect(await bench.result(id)).toMatchObject({ status: 'FAILURE', result: { exc_type: 'EncodeError' } });
  });

  it('passes on what JSON of JavaScript cannot hold', async () => {
    const body =
      '[[NaN, 12345678901234567890, {"__type__": "uuid", "__value__": {"hex": "00ff"}}], {}, null]';
    bench.channel.sendToQueue('celery', Buffer.from(body), {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      headers: { task: 'tests.echo', id: 'exact' },
    });
    const { result } = await bench.result('exact');
    expect(result).toMatchObject([[Number.NaN, 12345678901234567890n, { type: 'uuid' }], {}]);
  });

  it('stores nothing for a call that wants no result, of a message or of the task itself', async () => {
    const before = worker.told('succeeded').length;
    const id = await bench.send({ args: [1, 2], headers: { ignore_result: true } });
    await eventually(() => expect(worker.told('succeeded').length).toBe(before + 1));
    expect(await bench.backend.read(id)).toBeUndefined();
  });

  it('stores nothing for a task that ignores its message', async () => {
    const id = await bench.send({ task: 'tests.ignore' });
    await eventually(() => expect(worker.told('ignored')).toMatchObject([{ id }]));
    expect(await bench.backend.read(id)).toBeUndefined();
  });

  it('has the broker take away a message that its task rejects, and says so to whoever waits', async () => {
    const before = await bench.waiting('celery.dead');
    const id = await bench.send({ task: 'tests.reject' });
    expect(await bench.result(id)).toMatchObject({ status: 'FAILURE', result: { exc_type: 'Reject' } });
    await eventually(async () => expect(await bench.waiting('celery.dead')).toBe(before + 1));
  });

  it('gives a failed message to the dead letters where its task is not to be acknowledged then', async () => {
    const before = await bench.waiting('celery.dead');
    const id = await bench.send({ task: 'tests.fail_unacknowledged' });
    expect(await bench.result(id)).toMatchObject({ status: 'FAILURE' });
    await eventually(async () => expect(await bench.waiting('celery.dead')).toBe(before + 1));
  });

  it('shows who runs a task that wants to be followed', async () => {
    await bench.worker({ queues: [{ name: 'followed' }], nodeName: 'w2@here' });
    const states = new Set<string>();
    const subscriber = await bench.watch('followed-1', (status) => states.add(status));
    await bench.send({ task: 'tests.tracked', id: 'followed-1', args: [1, 2], queue: 'followed' });
    await bench.result('followed-1');
    await eventually(() => expect([...states]).toEqual(['STARTED', 'SUCCESS']));
    await subscriber.close();
  });

  it("stores states of the task's own", async () => {
    const id = await bench.send({ task: 'tests.progress' });
    const { result } = await bench.stored(id, ['PROGRESS']);
    expect(result).toEqual({ done: 1, of: 2 });
    await worker.worker.view.revoke([id], { terminate: true, signal: 'SIGTERM' });
    expect(await bench.result(id)).toMatchObject({ status: 'REVOKED' });
  });

  it('acknowledges everything that is settled', async () => {
    await eventually(async () =>
      expect(await bench.depth('celery')).toEqual({ ready: 0, unacknowledged: 0 }),
    );
  });

  it('runs a thousand tasks, each once', async () => {
    const before = worker.told('succeeded').length;
    const ids = Array.from({ length: 1000 }, (_, index) => `many-${index}`);
    await Promise.all(ids.map((id, index) => bench.send({ id, args: [index, 1] })));
    await eventually(() => expect(worker.told('succeeded').length).toBe(before + 1000));
    expect(await bench.result('many-999')).toMatchObject({ result: 1000 });
    await eventually(async () =>
      expect(await bench.depth('celery')).toEqual({ ready: 0, unacknowledged: 0 }),
    );
  });
});
