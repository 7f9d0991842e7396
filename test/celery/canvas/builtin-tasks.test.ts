import { describe, expect, it } from '@jest/globals';
import { builtinTasks } from '../../../workers/celery/canvas/builtin-tasks.ts';
import type { Kwargs, TaskValue } from '../../../workers/celery/protocol/value.ts';
import type { Task, TaskContext } from '../../../workers/celery/task.ts';
import { requestOf } from '../worker/requests.ts';
import { add, call, chord } from './signatures.ts';
import { SmallWorker } from './small-worker.ts';

const adder: Task = {
  name: 'add',
  options: {},
  parameters: ['left', 'right'],
  run: async ([left, right = 10]) => Number(left) + Number(right),
};

function contextOf(worker: SmallWorker): TaskContext {
  return {
    request: requestOf(),
    hostname: 'tests@here',
    signal: new AbortController().signal,
    updateState: async () => undefined,
    send: (signature) => worker.send(signature),
    retry: (wish) => {
      throw new Error(`again in ${wish?.countdown} s`);
    },
    replace: async () => {
      throw new Error('not replaced');
    },
    addToChord: async () => {
      throw new Error('not part of a chord');
    },
  };
}

async function run(
  name: string,
  args: readonly TaskValue[],
  kwargs: Kwargs = {},
  worker = new SmallWorker(),
): Promise<TaskValue> {
  const tasks = builtinTasks(worker.deps, (task) => (task === 'add' ? adder : undefined));
  const task = tasks.find((each) => each.name === name);
  if (task === undefined) throw new Error(`there is no ${name}`);
  return task.run(args, kwargs, contextOf(worker));
}

describe('the tasks that every worker has', () => {
  it('run a task for each item, whose arguments it is or which it lists', async () => {
    expect(await run('celery.map', [], { task: add(), it: [1, 2] })).toEqual([11, 12]);
    expect(
      await run('celery.starmap', [
        add(),
        [
          [1, 1],
          [2, 2],
        ],
      ]),
    ).toEqual([2, 4]);
  });

  it('do not map a task that the worker does not have', async () => {
    await expect(run('celery.map', [call('nobody'), [1]])).rejects.toMatchObject({
      excType: 'NotRegistered',
    });
  });

  it('gather the results of a group that stands for a task', async () => {
    expect(await run('celery.accumulate', [[1, 2]], { index: 0 })).toEqual([1, 2]);
    expect(await run('celery.accumulate', [1, 2])).toEqual([1, 2]);
  });

  it('send canvases that are called by name', async () => {
    const worker = new SmallWorker();
    const { header, body } = chord([add(1, 1), add(2, 2)], call('sum')).kwargs;
    await run('celery.chord', [header ?? null, body ?? null], {}, worker);
    expect(worker.callsOf('sum')).toEqual([[[2, 4]]]);
  });

  it('answer a ping, and have nothing to clean up', async () => {
    expect(await run('celery.ping', [])).toBe('pong');
    expect(await run('celery.backend_cleanup', [])).toBeNull();
  });
});

describe('a chord that a sender has polled', () => {
  const members: TaskValue = [
    [['p1', null], null],
    [['p2', null], null],
  ];
  const unlock = (worker: SmallWorker) =>
    run('celery.chord_unlock', ['g1', call('sum')], { result: members, interval: 2 }, worker);

  it('is tried again while a part has no result', async () => {
    const worker = new SmallWorker();
    await worker.backend.store({ id: 'p1', state: 'SUCCESS', result: 1 });
    await expect(unlock(worker)).rejects.toThrow('again in 2 s');
  });

  it('sends its body with the results of all parts', async () => {
    const worker = new SmallWorker();
    for (const id of ['p1', 'p2']) await worker.backend.store({ id, state: 'SUCCESS', result: 2 });
    await unlock(worker);
    await worker.drain();
    expect(worker.callsOf('sum')).toEqual([[[2, 2]]]);
  });

  it('fails its body if a part failed', async () => {
    const worker = new SmallWorker();
    const result = { exc_type: 'KeyError', exc_message: ['x'], exc_module: 'builtins' };
    await worker.backend.store({ id: 'p1', state: 'FAILURE', result });
    await unlock(worker);
    const stored = [...worker.backend.results.values()].map(({ status }) => status);
    expect(stored).toEqual(['FAILURE', 'FAILURE']);
  });
});
