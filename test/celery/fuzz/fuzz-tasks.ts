import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineRawTask, defineTask } from '../../../workers/celery/define-task.ts';
import { Ignored, Rejected } from '../../../workers/celery/outcomes.ts';
import type { Signature } from '../../../workers/celery/protocol/signature.ts';
import type { TaskValue } from '../../../workers/celery/protocol/value.ts';
import type { Task } from '../../../workers/celery/task.ts';

/** Tasks for calls that nobody would make; threads load this module too. */
export const tasks: readonly Task[] = [
  defineTask({
    name: 'tests.add',
    parameters: z.object({ x: z.number(), y: z.number() }),
    run: ({ x, y }) => x + y,
  }),
  defineRawTask({ name: 'tests.echo', run: (args, kwargs) => [[...args], kwargs] }),
  defineRawTask({
    name: 'tests.fail',
    run: ([value = null]) => {
      throw new TypeError(String(typeof value));
    },
  }),
  defineRawTask({
    name: 'tests.try_until',
    retry: { maxRetries: 2, delaySeconds: 0 },
    run: ([wanted], _, { request, retry }) =>
      request.retries >= Number(wanted) ? request.retries : retry({ countdown: 0 }),
  }),
  defineRawTask({
    name: 'tests.ignore',
    run: ([reject]) => {
      throw reject === undefined ? new Ignored() : new Rejected('not for me');
    },
  }),
  // What comes as an argument stands for a signature, whatever it is.
  defineRawTask({ name: 'tests.send', run: ([what], _, { send }) => send(what as Signature) }),
  defineRawTask({ name: 'tests.replace', run: ([what], _, { replace }) => replace(what as Signature) }),
  defineRawTask({
    name: 'tests.odd',
    run: async ([kind], _, { updateState }) => {
      await updateState('PROGRESS', kind ?? null);
      await sleep(1);
      return oddly(String(kind));
    },
  }),
];

/** Throws or returns what tasks should not. */
function oddly(kind: string): TaskValue {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  switch (kind.length % 6) {
    case 0:
      throw null;
    case 1:
      throw 'a text';
    case 2:
      throw Object.assign(new Error('bad'), { name: 'no identifier!', stack: undefined });
    case 3:
      return circular as never;
    case 4:
      return Symbol('value') as never;
    default:
      return [Number.NaN, 2n ** 80n, undefined as never];
  }
}
