import { chain, chord, group, onFailure, onSuccess } from '../../../workers/celery/client/compose.ts';
import type { Signature } from '../../../workers/celery/protocol/signature.ts';
import type { Kwargs, TaskValue } from '../../../workers/celery/protocol/value.ts';
import type { Task } from '../../../workers/celery/task.ts';
import { itemsOf } from './python-sum.ts';
import { suiteRedis } from './suite-redis.ts';
import { free, named, s, si } from './suite-task.ts';

const pair = { needed: ['x', 'y'] };
const numbers = { needed: ['nums', 'val'] };

/** Tasks that send canvases, or let one stand for themselves. */
export const canvasTasks: readonly Task[] = [
  named('chain_add', pair, async ({ x = null, y = null }, { send }) => {
    await send(chain(s('add', x, x), s('add', y)));
    return null;
  }),
  named('chord_add', pair, async ({ x = null, y = null }, { send }) => {
    await send(chord([s('add', x, x)], s('add', y)));
    return null;
  }),
  named('build_chain_inside_task', {}, (_, { send }) =>
    send(chain(s('add', 1, 1), s('add', 2), group([s('add', 3), s('add', 4)]), s('add', 5))),
  ),
  named('add_replaced', pair, ({ x = null, y = null }, { replace }) => replace(s('add', x, y))),
  named('add_replaced_with_chain', pair, ({ x = null, y = null }, { replace }) =>
    replace(chain(s('add', x, y), s('identity'))),
  ),
  named(
    'record_replaced_task_nesting',
    { needed: ['replacements'], optional: { nesting: null } },
    async ({ replacements, nesting = null }, { request, replace }) => {
      const levels = [...(nesting === null ? [] : itemsOf(nesting)), request.replacedTaskNesting];
      const left = Number(replacements);
      return left > 0 ? replace(s('record_replaced_task_nesting', left - 1, levels)) : levels;
    },
  ),
  free('replace_with_chain', (args, kwargs, { replace }) =>
    replace(onSuccess(chain(s('identity', ...args), s('identity')), echoOf(kwargs))),
  ),
  free('replace_with_chain_which_raises', (args, kwargs, { replace }) =>
    replace(onFailure(chain(s('identity', ...args), s('raise_error')), echoOf(kwargs))),
  ),
  free('replace_with_empty_chain', (_args, _kwargs, { replace }) => replace(emptyChain)),
  named('replace_with_chain_which_contains_a_group', {}, (_, { replace }) =>
    replace(chain(s('add', 1, 2), group([s('add', 1), s('add', 1)]))),
  ),
  free('fail_replaced', (args, _kwargs, { replace }) => replace(si('fail', ...args))),
  named('add_to_all', numbers, ({ nums = null, val = null }, { replace }) =>
    replace(group(additions(nums, val))),
  ),
  named('add_to_all_to_chord', numbers, async ({ nums = null, val = null }, { addToChord }) => {
    for (const addition of additions(nums, val)) await addToChord(addition);
    return 0;
  }),
  named('add_chord_to_chord', numbers, async ({ nums = null, val = null }, { addToChord }) => {
    await addToChord(chord(additions(nums, val), s('tsum')));
    return 0;
  }),
  secondOrder(
    'second_order_replace1',
    'A',
    chain(s('second_order_replace2'), again('second_order_replace1')),
  ),
  secondOrder(
    'second_order_replace2',
    'B',
    chain(s('redis_echo', 'In/Out C'), again('second_order_replace2')),
  ),
  named(
    'replace_with_stamped_task',
    { optional: { replace_with: null } },
    ({ replace_with }, { replace }) => {
      // What is given is a signature that the suite made.
      const other = replace_with === null ? s('replaced_with_me') : (replace_with as Signature);
      return replace(stamped(other, { StampOnReplace: 'This is the replaced task' }));
    },
  ),
];

const emptyChain: Signature = {
  task: 'celery.chain',
  args: [],
  kwargs: { tasks: [] },
  options: {},
  subtask_type: 'chain',
  immutable: false,
};

function additions(nums: TaskValue, val: TaskValue): readonly Signature[] {
  return itemsOf(nums).map((num) => s('add', num, val));
}

/** What is called after a chain: with its result, unless the test has a text of its own. */
function echoOf({ link_msg = null }: Kwargs): Signature {
  return link_msg === null ? s('redis_echo') : si('redis_echo', link_msg);
}

function again(name: string): Signature {
  return { ...si(name), kwargs: { state: true } };
}

function secondOrder(name: string, letter: string, inner: Signature): Task {
  return named(name, { optional: { state: false } }, async ({ state }, { replace }) => {
    await suiteRedis().rpush('redis-echo', `${state === true ? 'Out' : 'In'} ${letter}`);
    return state === true ? null : replace(inner);
  });
}

/** A call with stamps, as a visitor of Celery leaves it. */
function stamped(signature: Signature, stamps: Kwargs): Signature {
  const { stamped_headers: before = [] } = signature.options;
  const names = [...(Array.isArray(before) ? before : []), ...Object.keys(stamps)];
  return { ...signature, options: { ...signature.options, ...stamps, stamped_headers: names } };
}
