import { describe, expect, it } from '@jest/globals';
import { type CrontabFields, parseCrontab } from '../../workers/platform/crontab.ts';
import { longestGapSeconds } from '../../workers/platform/crontab-calendar.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

describe('the longest time between two runs', () => {
  it.each<[CrontabFields, number]>([
    [{}, minute],
    [{ minute: '*/15' }, 15 * minute],
    [{ minute: '*/7' }, 7 * minute],
    [{ minute: 0 }, hour],
    [{ minute: 0, hour: '9-17' }, 16 * hour],
    [{ minute: 0, hour: 2 }, day],
    [{ minute: [0, 10], hour: [1, 5] }, 20 * hour - 10 * minute],
    [{ minute: 30, hour: [0, 23] }, 23 * hour],
    [{ minute: 30, hour: [0, 23], day_of_week: 'mon,wed' }, 4 * day + hour],
    [{ minute: 0, hour: 10, day_of_week: 'monday' }, 7 * day],
    [{ minute: 0, hour: 10, day_of_week: 'fri-mon' }, 4 * day],
    [{ minute: 0, hour: 0, day_of_month: 1 }, 31 * day],
    [{ minute: 0, hour: 0, day_of_month: 31 }, 61 * day],
    [{ minute: 0, hour: 0, day_of_month: 1, month_of_year: 'jan,jul' }, 184 * day],
    [{ minute: 0, hour: 0, day_of_month: 25, month_of_year: 12 }, 366 * day],
    [{ minute: 0, hour: 0, day_of_month: 29, month_of_year: 2 }, 366 * day],
  ])('of %j is %d seconds', (fields, seconds) => {
    expect(longestGapSeconds(parseCrontab(fields))).toBe(seconds);
  });
});
