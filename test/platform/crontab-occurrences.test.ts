import { describe, expect, it } from '@jest/globals';
import { Cron } from 'croner';
import {
  type Crontab,
  type CrontabFields,
  cronExpression,
  parseCrontab,
} from '../../workers/platform/crontab.ts';
import { FieldWriter, randomCrontab, seededRandom } from './random-crontabs.ts';

const minuteMs = 60_000;
const yearBegins = Date.UTC(2027, 11, 1);
const yearMinutes = 366 * 24 * 60;

/** Whether Celery would run at a time: every field must have it. */
function isDue(crontab: Crontab, time: Date): boolean {
  return (
    crontab.minute.includes(time.getUTCMinutes()) &&
    crontab.hour.includes(time.getUTCHours()) &&
    crontab.day_of_week.includes(time.getUTCDay()) &&
    crontab.day_of_month.includes(time.getUTCDate()) &&
    crontab.month_of_year.includes(time.getUTCMonth() + 1)
  );
}

/** The next time after another, found minute by minute; undefined if there is none within five years. */
function nextOf(crontab: Crontab, after: Date): Date | undefined {
  const begin = Math.floor(after.getTime() / minuteMs) * minuteMs;
  for (let minute = 1; minute <= 5 * yearMinutes; ) {
    const time = new Date(begin + minute * minuteMs);
    if (isDue(crontab, time)) return time;
    // A day that does not fit is left behind at once.
    const dayFits = isDue({ ...crontab, minute: [time.getUTCMinutes()], hour: [time.getUTCHours()] }, time);
    minute += dayFits ? 1 : 24 * 60 - (time.getUTCHours() * 60 + time.getUTCMinutes());
  }
  return undefined;
}

describe('the line of cron means what the crontab means to Celery', () => {
  const writer = new FieldWriter(seededRandom(20_261_123));
  const crontabs: readonly CrontabFields[] = [
    {},
    { minute: 0, hour: 2 },
    { minute: 0, hour: 10, day_of_week: 'monday' },
    { minute: 0, hour: 0, day_of_month: 29, month_of_year: 2 },
    { minute: '*/7', hour: '22-2', day_of_week: 'fri-mon' },
    ...Array.from({ length: 150 }, () => randomCrontab(writer)),
  ];

  it.each(crontabs)('%j, at forty moments of a year', (fields) => {
    const crontab = parseCrontab(fields);
    const cron = new Cron(cronExpression(crontab), { timezone: 'Etc/UTC' });
    const moments = Array.from(
      { length: 40 },
      () => new Date(yearBegins + writer.below(yearMinutes) * minuteMs),
    );
    expect(moments.map((moment) => cron.nextRun(moment)?.toISOString())).toEqual(
      moments.map((moment) => nextOf(crontab, moment)?.toISOString()),
    );
  });

  it('every time of a whole year, for what is due up to a few times a day', () => {
    for (const fields of [
      { minute: '10,50', hour: '6-22/5', day_of_week: 'mon-fri' },
      { minute: 0, hour: 12, day_of_month: '*/5', month_of_year: 'oct-mar' },
      { minute: 59, hour: 23, day_of_week: 'sun' },
    ] satisfies CrontabFields[]) {
      const crontab = parseCrontab(fields);
      const expected = Array.from(
        { length: yearMinutes },
        (_, minute) => new Date(yearBegins + minute * minuteMs),
      ).filter((time) => isDue(crontab, time));
      const cron = new Cron(cronExpression(crontab), { timezone: 'Etc/UTC' });
      const found = cron.nextRuns(expected.length, new Date(yearBegins - minuteMs));
      expect(found).toEqual(expected);
    }
  });
});
