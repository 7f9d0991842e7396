import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { tasks } from './fixtures/tasks.ts';
import { Bench, type TestWorker } from './test-worker.ts';

const add = tasks.filter(({ name }) => name === 'tests.add');

describe('a worker that is told where the tasks are that it lacks', () => {
  let bench: Bench;
  let astray: TestWorker;
  const queues = new Map([
    ['tests.add', 'analytics'],
    ['tests.missing', 'celery'],
  ]);
  const refused = () => astray.told('refused').map(({ task }) => task);

  beforeAll(async () => {
    bench = await Bench.set();
    astray = await bench.worker({ tasks: [], elsewhere: (task) => queues.get(task) });
    await bench.worker({ tasks: add, queues: [{ name: 'analytics' }] });
  });
  afterAll(() => bench?.clear());

  it('hands a call on to the queue of its task, where it runs as if it had been sent there', async () => {
    const id = await bench.send({ task: 'tests.add', args: [20, 22] });
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result: 42 });
    expect(refused()).toEqual([]);
    await eventually(async () => expect(await bench.waiting('celery')).toBe(0));
  });

  it('refuses a call that came from the queue of its task, rather than sending it round for ever', async () => {
    const id = await bench.send({ task: 'tests.missing' });
    expect(await bench.result(id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'NotRegistered' },
    });
    await eventually(() => expect(refused()).toEqual(['tests.missing']));
  });

  it('refuses a call of a task that nobody knows', async () => {
    const id = await bench.send({ task: 'tests.unheard' });
    expect(await bench.result(id)).toMatchObject({ status: 'FAILURE' });
    await eventually(() => expect(refused()).toContain('tests.unheard'));
  });
});
