import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Bench, type TestWorker } from './test-worker.ts';

const taskModule = new URL('./fixtures/tasks.ts', import.meta.url);

describe('a worker with threads', () => {
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
    worker = await bench.worker({ taskModule, concurrency: 2, nodeName: 'threads@here' });
  });
  afterAll(() => bench?.clear());

  it('runs a task there with its arguments, its request and its states', async () => {
    const states: string[] = [];
    const subscriber = await bench.watch('in-thread', (status) => states.push(status));
    const call = { task: 'tests.in_thread', id: 'in-thread', args: [[1, 'two', null]], kwargs: { a: 1.5 } };
    await bench.send(call);
    expect(await bench.result('in-thread')).toMatchObject({
      status: 'SUCCESS',
      result: { value: [1, 'two', null], kwargs: { a: 1.5 }, id: 'in-thread', hostname: 'threads@here' },
    });
    await eventually(() => expect(states).toEqual(['PROGRESS', 'SUCCESS']));
    await subscriber.close();
  });

  it('stores what is thrown there as what it was', async () => {
    const id = await bench.send({ task: 'tests.fail_in_thread' });
    expect(await bench.result(id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'ValueError', exc_message: ['boom', 42], exc_module: 'builtins' },
    });
  });

  it('runs a task again that asks for it there', async () => {
    const id = await bench.send({ task: 'tests.retry_in_thread' });
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result: 1 });
  });

  it('goes on with everything else while a task keeps a processor busy', async () => {
    const busy = await bench.send({ task: 'tests.spin', args: [3_000] });
    await eventually(() => expect(worker.worker.view.active()).toHaveLength(1));
    const id = await bench.send({ args: [1, 2] });
    expect(await bench.result(id)).toMatchObject({ result: 3 });
    expect(await bench.backend.read(busy)).toBeUndefined();
    expect(await bench.result(busy)).toMatchObject({ result: 'spun' });
  });

  it("ends a task at its hard limit, whatever it does, and has the thread's place free again", async () => {
    const ids = [1, 2, 3].map((n) => `endless-${n}`);
    for (const id of ids)
      await bench.send({ task: 'tests.spin', id, args: [3_600_000], headers: { timelimit: [1, null] } });
    for (const id of ids) {
      expect(await bench.result(id)).toMatchObject({
        status: 'FAILURE',
        result: { exc_type: 'TimeLimitExceeded', exc_message: [1], exc_module: 'billiard.exceptions' },
        traceback: null,
      });
    }
    await eventually(() => expect(worker.worker.view.active()).toEqual([]));
    const id = await bench.send({ task: 'tests.in_thread', args: [1] });
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS' });
  });

  it('tells a task of its soft limit, and stores what it makes of it', async () => {
    const id = await bench.send({ task: 'tests.heed_soft_limit', headers: { timelimit: [60, 1] } });
    expect(await bench.result(id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'SoftTimeLimitExceeded', exc_module: 'billiard.exceptions' },
    });
  });

  it('heeds limits that remote control sets', async () => {
    worker.worker.view.setTimeLimit('tests.spin', { soft: undefined, hard: 1 });
    expect(worker.worker.view.limitsOf('tests.spin')).toMatchObject({ hard: 1 });
    const id = await bench.send({ task: 'tests.spin', args: [3_600_000] });
    expect(await bench.result(id)).toMatchObject({ result: { exc_type: 'TimeLimitExceeded' } });
    worker.worker.view.setTimeLimit('tests.spin', { soft: undefined, hard: undefined });
  });

  it('ends a task that remote control terminates', async () => {
    const id = await bench.send({ task: 'tests.spin', args: [3_600_000] });
    await eventually(() => expect(worker.told('started').map((event) => event.id)).toContain(id));
    await worker.worker.view.revoke([id], { terminate: true, signal: 'SIGKILL' });
    expect(await bench.result(id)).toMatchObject({
      status: 'REVOKED',
      result: { exc_type: 'TaskRevokedError', exc_message: ['terminated'] },
    });
    await eventually(() => expect(worker.worker.view.active()).toEqual([]));
  });

  it('stores a failure for a task whose thread is lost', async () => {
    const id = await bench.send({ task: 'tests.exit_thread' });
    expect(await bench.result(id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'WorkerLostError', exc_module: 'billiard.exceptions' },
    });
    const next = await bench.send({ task: 'tests.in_thread', args: [1] });
    expect(await bench.result(next)).toMatchObject({ status: 'SUCCESS' });
  });

  it('stores a failure where the module of the tasks cannot be loaded', async () => {
    const missing = new URL('./fixtures/no-such-module.ts', import.meta.url);
    await bench.worker({ taskModule: missing, queues: [{ name: 'broken' }], nodeName: 'broken@here' });
    const id = await bench.send({ task: 'tests.in_thread', args: [1], queue: 'broken' });
    expect(await bench.result(id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'WorkerLostError' },
    });
  });
});
