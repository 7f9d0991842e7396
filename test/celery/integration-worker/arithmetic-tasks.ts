import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kwargs, TaskValue } from '../../../workers/celery/protocol/value.ts';
import type { Task } from '../../../workers/celery/task.ts';
import { isList, itemsOf, plus, sum, times } from './python-sum.ts';
import { free, named } from './suite-task.ts';

const pair = { needed: ['x', 'y'] };
const addition = ({ x = null, y = null }: Kwargs) => plus(x, y);
const pausedSum = { needed: ['numbers'], optional: { pause_time: 1 } };

/** Tasks that compute something of their arguments. */
export const arithmeticTasks: readonly Task[] = [
  named('identity', { needed: ['x'] }, ({ x }) => x),
  named('add', { ...pair, optional: { z: null } }, ({ x = null, y = null, z = null }) =>
    isTruthy(z) ? plus(plus(x, y), z) : plus(x, y),
  ),
  named('mul', pair, ({ x = null, y = null }) => times(x, y)),
  named('add_not_typed', pair, addition),
  named('add_ignore_result', pair, addition, { ignoreResult: true }),
  named('add_with_result', pair, addition),
  named('add_pydantic', { needed: ['data'] }, addModel),
  named('add_pydantic_string_annotations', { needed: ['data'] }, addModel),
  named('tsum', { needed: ['nums'] }, ({ nums = null }) => sum(nums)),
  named('xsum', { needed: ['nums'] }, ({ nums = null }) =>
    sum(itemsOf(nums).map((each) => (isList(each) ? sum(each) : each))),
  ),
  named('delayed_sum', pausedSum, async ({ numbers = null, pause_time }, { signal }) => {
    await sleep(Number(pause_time) * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
    return sum(numbers);
  }),
  named('delayed_sum_with_soft_guard', pausedSum, async ({ numbers = null, pause_time }, { signal }) => {
    const rested = await sleep(Number(pause_time) * 1000, true, { signal }).catch(() => false);
    return rested ? sum(numbers) : 0;
  }),
  named('write_to_file_and_return_int', { needed: ['file_name', 'i'] }, async ({ file_name, i }) => {
    await appendFile(String(file_name), `${i}\n`);
    return i;
  }),
  free('sleeping', async ([i = null], kwargs, { signal }) => {
    const seconds = Number(i ?? kwargs['i']);
    await sleep(seconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
    return null;
  }),
  named('return_exception', { needed: ['e'] }, ({ e = null }) => [e, true]),
  named('replaced_with_me', {}, () => true),
  named(
    'print_unicode',
    { optional: { log_message: 'håå®ƒ valmuefrø', print_message: 'hiöäüß' } },
    ({ log_message, print_message }) => {
      process.stdout.write(`${log_message}\n${print_message}\n`);
      return null;
    },
  ),
];

function addModel({ data }: Kwargs): TaskValue {
  // The caller sends what a model with these two fields is written as.
  const { x = null, y = null } = Object(data) as Kwargs;
  return { result: plus(x, y) };
}

function isTruthy(value: TaskValue): boolean {
  return isList(value) ? value.length > 0 : Boolean(value);
}
