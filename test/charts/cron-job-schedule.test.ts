import { describe, expect, it } from '@jest/globals';
import { cronJobSchedule } from '../../charts/cron-job-schedule.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import type { ScheduleEntry } from '../../workers/platform/schedule.ts';

const hour = 3600;
const day = 24 * hour;

function scheduleOf(
  schedule: ScheduleEntry['schedule'],
  options: ScheduleEntry['options'] = {},
): ReturnType<typeof cronJobSchedule> {
  const entry = { description: '', task: 'tests.task', schedule, timeZone: 'UTC', options };
  return cronJobSchedule('weekly-report', entry);
}

describe('the schedule of a CronJob', () => {
  it.each([
    ['cleanup-expired-carts', '0 2 * * *', day],
    ['calculate-daily-analytics', '30 0 * * *', day],
    ['send-inactive-user-reminders', '0 10 * * 1', day / 2],
  ] as const)(
    'is for %s "%s", made up for until %d seconds later',
    (name, schedule, startingDeadlineSeconds) => {
      expect(cronJobSchedule(name, smartEats.schedule[name])).toEqual({ schedule, startingDeadlineSeconds });
    },
  );

  it.each<[ScheduleEntry['schedule'], number]>([
    [{ minute: '*/15' }, hour / 4],
    [{ minute: 0, hour: '9-17' }, 16 * hour],
    [{ minute: 0, hour: 10, day_of_week: 'mon' }, 7 * day],
  ])('makes up for a missed run of %j for as long as no other is due', (schedule, seconds) => {
    expect(scheduleOf(schedule).startingDeadlineSeconds).toBe(seconds);
  });

  it('makes up for nothing that would be expired, but gives the controller a minute', () => {
    const daily = { minute: 0, hour: 2 };
    expect(scheduleOf(daily, { expires: 3.5 * hour }).startingDeadlineSeconds).toBe(3.5 * hour);
    expect(scheduleOf(daily, { expires: 2 * day }).startingDeadlineSeconds).toBe(day);
    expect(scheduleOf(daily, { expires: 1 }).startingDeadlineSeconds).toBe(60);
    expect(scheduleOf({}).startingDeadlineSeconds).toBe(60);
  });

  it.each<[ScheduleEntry['schedule'], string]>([
    [{ everySeconds: 30 }, 'schedule weekly-report: an interval counts from the last run'],
    [{ everySeconds: 3600 }, 'schedule weekly-report: an interval counts from the last run'],
    [
      { day_of_week: 'mon', day_of_month: '1-7' },
      'schedule weekly-report: day_of_month and day_of_week are both restricted',
    ],
  ])('cannot say %j', (schedule, problem) => {
    expect(() => scheduleOf(schedule)).toThrow(
      expect.objectContaining({
        code: 'PLATFORM_DECLARATION_INVALID',
        message: expect.stringContaining(problem),
      }),
    );
  });
});
