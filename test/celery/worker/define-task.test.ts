import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineRawTask, defineTask } from '../../../workers/celery/define-task.ts';
import { TaggedValue, type TaskValue } from '../../../workers/celery/protocol/value.ts';
import { taskContext } from '../../../workers/celery/worker/task-context.ts';
import { requestOf } from './requests.ts';

const context = taskContext({
  request: requestOf(),
  hostname: 'tests@here',
  signal: new AbortController().signal,
  calls: {
    updateState: async () => undefined,
    send: async () => [['x', null], null],
    replace: async () => undefined,
    addToChord: async () => [['x', null], null],
  },
});

const order = defineTask({
  name: 'kitchen.order',
  queue: 'kitchen',
  acksLate: false,
  parameters: z.object({
    dish: z.string(),
    count: z.int().default(1),
    note: z.string().nullable().optional(),
  }),
  run: ({ dish, count, note }) => `${count} ${dish}${note ? ` (${note})` : ''}`,
});
const call = (args: readonly TaskValue[], kwargs = {}) => order.run(args, kwargs, context);

describe('a task with named parameters', () => {
  it('keeps its options and the order of its parameters', () => {
    expect(order).toMatchObject({
      name: 'kitchen.order',
      options: { queue: 'kitchen', acksLate: false },
      parameters: ['dish', 'count', 'note'],
    });
  });

  it('takes its arguments by position and by name, and leaves out what need not be there', async () => {
    expect(await call(['soup'])).toBe('1 soup');
    expect(await call(['soup', 2])).toBe('2 soup');
    expect(await call([], { dish: 'soup', note: 'hot' })).toBe('1 soup (hot)');
  });

  it.each<[readonly TaskValue[], Record<string, TaskValue>, string]>([
    [[], {}, "order() missing 1 required positional argument: 'dish'"],
    [['soup', 1, null, 4], {}, 'order() takes 3 positional arguments but 4 were given'],
    [['soup'], { dish: 'stew' }, "order() got multiple values for argument 'dish'"],
    [['soup'], { spice: 'salt' }, "order() got an unexpected keyword argument 'spice'"],
    [['soup', 1.5], {}, 'count: Invalid input: expected int, received number'],
  ])('refuses %j %j with a TypeError in the words of Python', async (args, kwargs, message) => {
    await expect(call(args, kwargs)).rejects.toMatchObject({
      excType: 'TypeError',
      excMessage: [message],
      excModule: 'builtins',
    });
  });

  it('sees times, decimals and ids of newer clients as the texts that older ones send', async () => {
    const task = defineTask({
      name: 'tests.texts',
      parameters: z.object({ at: z.iso.datetime({ offset: true }), price: z.string(), id: z.uuid() }),
      run: (args) => args,
    });
    const args = [
      new TaggedValue('datetime', '2026-01-02T03:04:05+00:00'),
      new TaggedValue('decimal', '9.90'),
      new TaggedValue('uuid', { hex: '3f2504e04f8941d39a0c0305e82c3301' }),
    ];
    expect(await task.run(args, {}, context)).toEqual({
      at: '2026-01-02T03:04:05+00:00',
      price: '9.90',
      id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    });
  });
});

describe('a raw task', () => {
  it('sees its arguments as they came, and returns null for nothing', async () => {
    const seen: unknown[] = [];
    const task = defineRawTask({
      name: 'tests.raw',
      thread: true,
      run: (args, kwargs) => {
        seen.push(args, kwargs);
        return undefined;
      },
    });
    const tagged = new TaggedValue('date', '2026-01-02');
    expect(await task.run([tagged, 1], { a: null }, context)).toBeNull();
    expect(seen).toEqual([[tagged, 1], { a: null }]);
    expect(task).toMatchObject({ name: 'tests.raw', options: { thread: true }, parameters: undefined });
  });
});
