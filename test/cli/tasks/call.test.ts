import { describe, expect, it } from '@jest/globals';
import { readCall } from '../../../cli/tasks/call.ts';
import { tasks } from '../../../workers/platform/tasks.ts';

const update = 'tasks.send_delivery_update';

describe('a call on the command line', () => {
  it('has arguments by position and by name, and goes to the queue of its task', () => {
    expect(readCall(tasks, update, { args: '["order-1"]', kwargs: '{"status": "delivered"}' })).toEqual({
      task: update,
      queue: 'notifications',
      args: ['order-1'],
      kwargs: { status: 'delivered' },
    });
    expect(readCall(tasks, 'tasks.cleanup_carts', {})).toMatchObject({ args: [], kwargs: {} });
  });

  it.each([
    ['a task that is not declared', 'tasks.nosuch', {}, 'TASK_UNKNOWN', 'tasks.cleanup_carts'],
    ['a name that every object has', 'constructor', {}, 'TASK_UNKNOWN', 'constructor'],
    ['what is no JSON', update, { args: '[1' }, 'TASK_ARGUMENT_INVALID', '--args is no JSON'],
    ['no list', update, { args: '{"a": 1}' }, 'TASK_ARGUMENT_INVALID', '--args must be a list'],
    ['no object', update, { kwargs: '["a"]' }, 'TASK_ARGUMENT_INVALID', '--kwargs must be an object'],
    ['a missing argument', update, { args: '["order-1"]' }, 'TASK_ARGUMENT_INVALID', 'status'],
    ['too many arguments', update, { args: '[1, 2, 3]' }, 'TASK_ARGUMENT_INVALID', 'takes 2'],
    [
      'an argument given twice',
      update,
      { args: '["o"]', kwargs: '{"order_id": "o"}' },
      'TASK_ARGUMENT_INVALID',
      'order_id',
    ],
    ['a wrong value', update, { args: '["o", "lost"]' }, 'TASK_ARGUMENT_INVALID', 'status'],
  ])('is refused in one line for %s', (_, task, options, code, text) => {
    let message = '';
    try {
      readCall(tasks, task, options);
    } catch (error) {
      expect(error).toMatchObject({ code });
      message = String(error);
    }
    expect(message).toContain(text);
    expect(message).not.toContain('\n');
  });
});
