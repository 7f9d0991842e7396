import { describe, expect, it } from '@jest/globals';
import { defineRawTask, type RawTask } from '../../../workers/celery/define-task.ts';
import { Ignored, Rejected, RetryRequested } from '../../../workers/celery/outcomes.ts';
import { TaskError } from '../../../workers/celery/protocol/exception.ts';
import { runTask } from '../../../workers/celery/worker/run-task.ts';
import { taskContext } from '../../../workers/celery/worker/task-context.ts';
import { requestOf } from './requests.ts';

const replaced: unknown[] = [];

/** Runs a task once, as the attempt after so many others. */
function outcomeOf(run: RawTask['run'], options: Partial<RawTask> = {}, retries = 0) {
  const request = requestOf({ retries, args: [1], kwargs: { a: 2 } });
  const context = taskContext({
    request,
    hostname: 'tests@here',
    signal: new AbortController().signal,
    calls: {
      updateState: async () => undefined,
      send: async () => [['x', null], null],
      replace: async (signature) => {
        replaced.push(signature);
      },
      addToChord: async () => [['x', null], null],
    },
  });
  return runTask(defineRawTask({ ...options, name: 'tests.any', run }), request, context);
}
const throwing = (error: unknown) => () => {
  throw error;
};
const boom = new TaskError('ValueError', ['boom'], 'builtins');

describe('an attempt at a task', () => {
  it('ends with the value of the task, and with null where it has none', async () => {
    expect(await outcomeOf((args, kwargs) => [...args, kwargs])).toEqual({
      kind: 'success',
      value: [1, { a: 2 }],
    });
    expect(await outcomeOf(() => undefined)).toEqual({ kind: 'success', value: null });
  });

  it('fails with what was thrown and where', async () => {
    expect(await outcomeOf(throwing(boom))).toEqual({
      kind: 'failure',
      exception: { exc_type: 'ValueError', exc_message: ['boom'], exc_module: 'builtins' },
      traceback: expect.stringContaining('run-task.test'),
    });
  });

  it('fails also where something else than an error was thrown', async () => {
    expect(await outcomeOf(throwing('a text'))).toMatchObject({ kind: 'failure', traceback: undefined });
  });

  it.each([
    ['a function', () => () => 1],
    ['a symbol', () => Symbol('s')],
  ])('fails with an EncodeError for %s as its value', async (_, run) => {
    // What the types refuse can still come from a library without types.
    const outcome = await outcomeOf(run as unknown as RawTask['run']);
    expect(outcome).toMatchObject({ kind: 'failure', exception: { exc_type: 'EncodeError' } });
  });

  it('fails with an EncodeError for a value that contains itself', async () => {
    const circle: Record<string, unknown> = {};
    circle['itself'] = circle;
    const outcome = await outcomeOf((() => circle) as unknown as RawTask['run']);
    expect(outcome).toMatchObject({ kind: 'failure', exception: { exc_type: 'EncodeError' } });
  });

  it('ends without a result where it asks for that', async () => {
    expect(await outcomeOf(throwing(new Ignored()))).toEqual({ kind: 'ignored' });
    expect(await outcomeOf(throwing(new Rejected('no', { requeue: true })))).toEqual({
      kind: 'rejected',
      requeue: true,
      reason: 'no',
    });
  });

  it('ends without a result when another call stands for the task', async () => {
    const signature = {
      task: 'tests.other',
      args: [],
      kwargs: {},
      options: {},
      subtask_type: null,
      immutable: false,
    };
    expect(await outcomeOf((_args, _kwargs, { replace }) => replace(signature))).toEqual({ kind: 'ignored' });
    expect(replaced).toEqual([signature]);
  });

  it('asks for the next one with the delay and the arguments that the task names', async () => {
    const wish = { countdown: 7, error: boom, args: [2], kwargs: { b: 3 } };
    expect(await outcomeOf((_args, _kwargs, { retry }) => retry(wish))).toMatchObject({
      kind: 'retry',
      countdown: 7,
      args: [2],
      kwargs: { b: 3 },
      exception: { exc_type: 'ValueError' },
    });
    expect(await outcomeOf(throwing(new RetryRequested()))).toMatchObject({
      kind: 'retry',
      countdown: 180,
      exception: { exc_type: 'Retry', exc_module: 'celery.exceptions' },
    });
  });

  it('fails where the next one would expire at what is no time', async () => {
    const run: RawTask['run'] = (_args, _kwargs, { retry }) => retry({ expires: Number.NaN });
    expect(await outcomeOf(run)).toMatchObject({
      kind: 'failure',
      exception: { exc_type: 'ValueError', exc_module: 'builtins' },
    });
  });

  it('asks for the next one by itself for the errors that the task names', async () => {
    const retry = { on: (error: unknown) => error === boom, backoff: { factor: 3, jitter: false } };
    expect(await outcomeOf(throwing(boom), { retry }, 2)).toMatchObject({ kind: 'retry', countdown: 12 });
    expect(await outcomeOf(throwing(new Error('other')), { retry })).toMatchObject({ kind: 'failure' });
  });

  it.each([
    ['three by default', {}, {}, 3],
    ['as many as the task says', { retry: { maxRetries: 5 } }, {}, 5],
    ['as many as it asks for', { retry: { maxRetries: 5 } }, { maxRetries: 1 }, 1],
    ['none where it says so', { retry: { maxRetries: 0 } }, {}, 0],
  ])('is not followed by more than %s', async (_, options, wish, most) => {
    const run: RawTask['run'] = (_args, _kwargs, { retry }) => retry(wish);
    if (most > 0) expect(await outcomeOf(run, options, most - 1)).toMatchObject({ kind: 'retry' });
    expect(await outcomeOf(run, options, most)).toMatchObject({
      kind: 'failure',
      exception: { exc_type: 'MaxRetriesExceededError', exc_module: 'celery.exceptions' },
    });
  });

  it('may be followed by others without end', async () => {
    const run: RawTask['run'] = (_args, _kwargs, { retry }) => retry();
    expect(await outcomeOf(run, { retry: { maxRetries: null } }, 1_000)).toMatchObject({ kind: 'retry' });
  });
});
