import { describe, expect, it } from '@jest/globals';
import { PlatformError } from '../../workers/platform/errors.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { argumentProblems, tasks } from '../../workers/platform/tasks.ts';
import { declaredTask, mayPass } from '../../workers/tasks/declared-task.ts';

describe('a declared task', () => {
  it('has the name, queue, parameters and limits of its declaration', () => {
    const task = declaredTask('tasks.generate_sales_report', async () => 'a link');
    expect(task).toMatchObject({
      name: 'tasks.generate_sales_report',
      queue: 'analytics',
      limits: { soft: 240, hard: 300 },
      thread: true,
      retry: { maxRetries: 3 },
    });
    expect(task.parameters).toBe(tasks['tasks.generate_sales_report'].parameters);
  });

  it('is tried again after what may pass, and not after a wrong argument', () => {
    expect(mayPass(new PlatformError('STATE_UNAVAILABLE'))).toBe(true);
    expect(mayPass(new PlatformError('REPORT_STORAGE_FAILED'))).toBe(true);
    for (const error of [
      new PlatformError('RESTAURANT_UNKNOWN'),
      new PlatformError('TASK_ARGUMENT_INVALID'),
    ]) {
      expect(mayPass(error)).toBe(false);
    }
    expect(mayPass(new TypeError('a fault of the program'))).toBe(false);
  });
});

describe('the declared tasks', () => {
  it('wait in the queues of their groups', () => {
    const queues = Object.entries(smartEats.tasks).map(([name, { queue }]) => [name, queue]);
    expect(Object.fromEntries(queues)).toEqual({
      'tasks.generate_recommendations': 'ai',
      'tasks.analyze_food_image': 'ai',
      'tasks.calculate_restaurant_analytics': 'analytics',
      'tasks.generate_sales_report': 'analytics',
      'tasks.summarize_analytics': 'analytics',
      'tasks.send_order_confirmation': 'notifications',
      'tasks.send_delivery_update': 'notifications',
      'tasks.cleanup_carts': 'celery',
      'tasks.calculate_analytics': 'celery',
      'tasks.send_reminders': 'celery',
    });
  });

  it.each([
    [{ from: '2026-11-01', to: '2026-11-30' }, []],
    ['2026-11-01/2026-11-30', []],
    [{ from: '2026-01-01', to: '2026-12-31' }, []],
    ['November', ['date_range: must be {from, to} or "from/to" with two dates such as 2026-11-30']],
    ['2026-02-30/2026-03-01', ['date_range.from: Invalid ISO date']],
    [{ from: '2026-11-30', to: '2026-11-01' }, ['date_range: from must not be after to']],
    ['2020-01-01/2026-01-01', ['date_range: must not be longer than 366 days']],
  ])('take %j as a range of dates, or say what is wrong with it', (range, problems) => {
    const task = tasks['tasks.generate_sales_report'];
    expect(argumentProblems(task, ['roma'], { date_range: range })).toEqual(problems);
  });
});
