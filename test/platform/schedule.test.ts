import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { definePlatform, type Platform, smartEats } from '../../workers/platform/platform.ts';
import type { ScheduleEntry } from '../../workers/platform/schedule.ts';
import { argumentProblems, defineTaskQueue, type TaskDeclaration } from '../../workers/platform/tasks.ts';

/** The declared platform with one task and one schedule entry more. */
function withEntry(change: Partial<ScheduleEntry> = {}, name = 'weekly-report'): Platform {
  const task: TaskDeclaration = {
    description: 'A task of a test',
    queue: 'celery',
    parameters: z.strictObject({ restaurant_id: z.string(), days: z.int().default(7) }),
  };
  const entry: ScheduleEntry = {
    description: 'An entry of a test',
    task: 'tests.report',
    args: ['r1'],
    schedule: { minute: 0, hour: 6 },
    timeZone: 'Europe/Berlin',
    ...change,
  };
  return {
    ...smartEats,
    tasks: { ...smartEats.tasks, 'tests.report': task },
    schedule: { ...smartEats.schedule, [name]: entry },
  };
}

describe('the declared schedule', () => {
  it('has the three entries of the platform, at their times', () => {
    const times = Object.entries(smartEats.schedule).map(([name, { task, schedule, timeZone }]) => [
      name,
      task,
      schedule,
      timeZone,
    ]);
    expect(times).toEqual([
      ['cleanup-expired-carts', 'tasks.cleanup_carts', { minute: 0, hour: 2 }, 'Etc/UTC'],
      ['calculate-daily-analytics', 'tasks.calculate_analytics', { minute: 30, hour: 0 }, 'Etc/UTC'],
      [
        'send-inactive-user-reminders',
        'tasks.send_reminders',
        { minute: 0, hour: 10, day_of_week: 'monday' },
        'Etc/UTC',
      ],
    ]);
  });

  it('calls tasks that wait in the queue every Celery client knows', () => {
    const { tasks, schedule } = smartEats;
    expect(Object.values(schedule).map(({ task }) => tasks[task as keyof typeof tasks].queue)).toEqual([
      'celery',
      'celery',
      'celery',
    ]);
  });
});

describe('an entry of the schedule', () => {
  it.each<[string, Partial<ScheduleEntry>]>([
    ['positional arguments', { args: ['r1', 3] }],
    ['named arguments', { args: [], kwargs: { days: 3, restaurant_id: 'r1' } }],
    ['both', { args: ['r1'], kwargs: { days: 3 } }],
    ['an interval', { schedule: { everySeconds: 90 } }],
    ['options', { options: { expires: 60, priority: 9, headers: { tenant: 'a' } } }],
    ['a time zone of three parts', { timeZone: 'America/Argentina/Buenos_Aires' }],
    ['plain UTC', { timeZone: 'UTC' }],
    ['both day fields, as Celery allows', { schedule: { day_of_week: 1, day_of_month: '1-7' } }],
  ])('can have %s', (_, change) => {
    expect(() => definePlatform(withEntry(change))).not.toThrow();
  });

  it.each<[Partial<ScheduleEntry>, string]>([
    [{ task: 'tests.unknown' }, 'task tests.unknown is not declared'],
    [{ args: [] }, 'task tests.report: restaurant_id: Invalid input'],
    [{ args: ['r1', 2, 3] }, 'task tests.report: takes 2 positional arguments, not 3'],
    [
      { kwargs: { restaurant_id: 'r2' } },
      'task tests.report: restaurant_id is given by position and by name',
    ],
    [{ kwargs: { dayz: 3 } }, 'Unrecognized key: "dayz"'],
    [{ schedule: { hour: '5/10' } }, 'hour "5/10": "5/10" is neither a number nor a name that it knows'],
    [{ schedule: { day_of_month: 30, month_of_year: 2 } }, 'day 30 never comes in month 2'],
    [{ schedule: { everySeconds: 0 } }, 'everySeconds must be above 0'],
    [{ timeZone: 'europe/berlin' }, '"europe/berlin" is no IANA time zone'],
    [{ timeZone: 'Europe/Nowhere' }, '"Europe/Nowhere" is no IANA time zone'],
    [{ timeZone: '+01:00' }, '"+01:00" is no IANA time zone'],
    [{ options: { expires: 0 } }, 'expires must be above 0 seconds'],
    [{ options: { priority: 256 } }, 'priority must be 0 to 255'],
  ])('is refused with %j', (change, problem) => {
    expect(() => definePlatform(withEntry(change))).toThrow(
      expect.objectContaining({
        code: 'PLATFORM_DECLARATION_INVALID',
        details: {
          problems: [expect.stringMatching(new RegExp(`^schedule weekly-report: .*${escaped(problem)}`))],
        },
      }),
    );
  });

  it.each(['Weekly', '-weekly', 'weekly_report', 'w'.repeat(53), 'weekly-'])(
    'cannot be called %s',
    (name) => {
      expect(() => definePlatform(withEntry({}, name))).toThrow('a name is 1 to 52 lower case letters');
    },
  );

  it('can have a name of one letter, or of as many as leave room for the time of a run', () => {
    for (const name of ['w', 'w'.repeat(52)]) expect(() => definePlatform(withEntry({}, name))).not.toThrow();
  });
});

describe('tasks and their queues', () => {
  const queue = defineTaskQueue({ description: '' });

  it('fill in what a task queue does not say', () => {
    expect(queue).toEqual({
      description: '',
      deliveryLimit: 20,
      maxLength: 1_000_000,
      concurrency: 4,
      threadMemoryMiB: 0,
    });
  });

  it.each<[string, Partial<Platform>, string]>([
    [
      'an undeclared task queue',
      {
        tasks: { 'tests.lost': { description: '', queue: 'nowhere', parameters: z.strictObject({}) } },
        schedule: {},
      },
      'task tests.lost: task queue nowhere is not declared',
    ],
    ['the name of a queue', { taskQueues: { ...smartEats.taskQueues, order_created: queue } }, 'a queue has'],
    [
      'the name of an exchange',
      {
        taskQueues: { ...smartEats.taskQueues, orders: queue },
        exchanges: { ...smartEats.exchanges, orders: { type: 'fanout', description: '' } },
      },
      'task queue orders: an exchange has this name already',
    ],
    [
      'a name that no queue can have',
      { taskQueues: { ...smartEats.taskQueues, 'a b': queue } },
      'lower case letters',
    ],
  ])('cannot have %s', (_, change, problem) => {
    expect(() => definePlatform({ ...smartEats, ...change } as Platform)).toThrow(problem);
  });

  it('say everything that is wrong with a call', () => {
    const parameters = z.strictObject({ user_id: z.string(), days: z.int() });
    const task = { description: '', queue: 'celery', parameters };
    expect(argumentProblems(task, ['u1'], { days: 1 })).toEqual([]);
    expect(argumentProblems(task, [7], { days: 1.5 })).toEqual([
      expect.stringMatching(/^user_id: /),
      expect.stringMatching(/^days: /),
    ]);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
