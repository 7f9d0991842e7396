import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Bench, type TestWorker } from './test-worker.ts';

describe('a task that wants another attempt', () => {
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
    worker = await bench.worker();
    await bench.delayable();
  });
  afterAll(() => bench?.clear());

  const attemptsOf = (id: string) => worker.told('started').filter((event) => event.id === id).length;

  it('is run again under its own id, with the number of attempts before', async () => {
    const id = await bench.send({ task: 'tests.try_until', args: [2] });
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result: 2 });
    expect(attemptsOf(id)).toBe(3);
  });

  it('fails with its own error when there have been enough', async () => {
    const id = await bench.send({ task: 'tests.try_until', args: [9] });
    expect(await bench.result(id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'ConnectionError', exc_message: [3] },
    });
    expect(attemptsOf(id)).toBe(4);
  });

  it('fails with the error that it is to be retried for, when there have been enough', async () => {
    const id = await bench.send({ task: 'tests.autoretry' });
    expect(await bench.result(id)).toMatchObject({ status: 'FAILURE' });
    expect(attemptsOf(id)).toBe(3);
  });

  it('is in the state RETRY with the reason while its message waits at the broker', async () => {
    const sentAt = Date.now();
    const id = await bench.send({ task: 'tests.try_later', args: [2] });
    const waiting = await bench.stored(id, ['RETRY']);
    expect(waiting).toMatchObject({
      result: { exc_type: 'Retry' },
      children: [[[id, null], null]],
      dateDone: null,
    });
    await eventually(async () => expect(worker.worker.view.active()).toEqual([]));
    expect(worker.worker.view.scheduled()).toEqual([]);
    const { result } = await bench.result(id);
    expect(Number(result) - sentAt).toBeGreaterThanOrEqual(2_000);
  });

  it('keeps its links: what follows from it follows once, from the last attempt', async () => {
    const link = {
      task: 'tests.echo',
      args: [],
      kwargs: {},
      options: { task_id: 'after-retries', queue: 'celery' },
      subtask_type: null,
      immutable: false,
    };
    await bench.send({ task: 'tests.try_until', args: [1], embed: { callbacks: [link] } });
    expect(await bench.result('after-retries')).toMatchObject({ result: [[1], {}] });
    expect(attemptsOf('after-retries')).toBe(1);
  });
});
