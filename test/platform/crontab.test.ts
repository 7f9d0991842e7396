import { describe, expect, it } from '@jest/globals';
import { type CrontabFields, cronExpression, parseCrontab } from '../../workers/platform/crontab.ts';
import type { CrontabField } from '../../workers/platform/crontab-field.ts';

function hours(hour: CrontabField): readonly number[] {
  return parseCrontab({ hour }).hour;
}

function expressionOf(fields: CrontabFields): string {
  return cronExpression(parseCrontab(fields));
}

describe('a crontab by the rules of Celery', () => {
  it.each<[CrontabField, readonly number[]]>([
    [5, [5]],
    ['5', [5]],
    ['05', [5]],
    [
      [3, 1, 3],
      [1, 3],
    ],
    ['1,3 , 2', [1, 2, 3]],
    ['8-10', [8, 9, 10]],
    ['22-2', [0, 1, 2, 22, 23]],
    ['22-2/2', [0, 2, 22]],
    ['0-23/12', [0, 12]],
    ['*/7', [0, 7, 14, 21]],
    ['*/99', [0]],
    ['0,8-17/2', [0, 8, 10, 12, 14, 16]],
    ['*', Array.from({ length: 24 }, (_, hour) => hour)],
  ])('reads the hours %j', (hour, expected) => {
    expect(hours(hour)).toEqual(expected);
  });

  it.each<[CrontabField, readonly number[]]>([
    ['sunday', [0]],
    ['Mon', [1]],
    ['mon-fri', [1, 2, 3, 4, 5]],
    ['fri-mon', [0, 1, 5, 6]],
    ['fri-mon/2', [0, 5]],
    ['thurs,tues', [2, 4]],
    ['1-wednesday', [1, 2, 3]],
    ['*/2', [0, 2, 4, 6]],
  ])('reads the days of the week %j', (day_of_week, expected) => {
    expect(parseCrontab({ day_of_week }).day_of_week).toEqual(expected);
  });

  it('counts days of the month and months from 1, also in steps', () => {
    const { day_of_month, month_of_year } = parseCrontab({ day_of_month: '*/10', month_of_year: '*/3' });
    expect(day_of_month).toEqual([1, 11, 21, 31]);
    expect(month_of_year).toEqual([1, 4, 7, 10]);
    expect(parseCrontab({ month_of_year: 'november-january' }).month_of_year).toEqual([1, 11, 12]);
  });

  it.each<CrontabField>([
    '5/10',
    '?',
    'L',
    '@hourly',
    '',
    '1,,2',
    '-5',
    '1--5',
    '24',
    24,
    -1,
    1.5,
    Number.NaN,
    [],
    [1, 24],
    '1-24',
    '*/',
    '1-5/',
    '*/0',
    '*/x',
    '1-5/2/3',
    '1-5 and more',
    '*x',
    'mon',
    'noon',
    '1.5',
  ])('refuses the hours %j', (hour) => {
    expect(() => hours(hour)).toThrow(/^hour .*: /);
  });

  it.each<[CrontabFields, string]>([
    [{ day_of_week: 7 }, 'day_of_week 7: numbers go from 0 to 6'],
    [{ day_of_week: 'mo' }, 'day_of_week "mo": "mo" is neither a number nor a name that it knows'],
    [{ day_of_week: 'mon, tue' }, '" tue" is neither'],
    [{ day_of_week: 'sunflower' }, '"sunflower" is neither'],
    [{ day_of_month: 0 }, 'day_of_month 0: numbers go from 1 to 31'],
    [{ day_of_month: 'monday' }, '"monday" is neither'],
    [{ month_of_year: 13 }, 'month_of_year 13: numbers go from 1 to 12'],
    [{ minute: 60 }, 'minute 60: numbers go from 0 to 59'],
    [{ minute: '*/0' }, 'a step must be a number from 1'],
    [{ day_of_month: 30, month_of_year: 2 }, 'day 30 never comes in month 2'],
    [{ day_of_month: 31, month_of_year: [2, 4, 6, 9, 11] }, 'day 31 never comes in month 2, 4, 6, 9, 11'],
  ])('refuses %j', (fields, problem) => {
    expect(() => parseCrontab(fields)).toThrow(problem);
    expect(() => parseCrontab(fields)).toThrow(
      expect.objectContaining({ code: 'PLATFORM_DECLARATION_INVALID' }),
    );
  });

  it('refuses a field that it does not have', () => {
    const fields = { minute: 0, dayOfWeek: 1 } as CrontabFields;
    expect(() => parseCrontab(fields)).toThrow('dayOfWeek is no field of a crontab');
  });

  it('takes the leap day, and a day that some of the months have', () => {
    expect(() => parseCrontab({ day_of_month: 29, month_of_year: 2 })).not.toThrow();
    expect(() => parseCrontab({ day_of_month: '30,31', month_of_year: [2, 4] })).not.toThrow();
  });
});

describe('a crontab as a line of cron', () => {
  it.each<[CrontabFields, string]>([
    [{}, '* * * * *'],
    [{ minute: 0, hour: 2 }, '0 2 * * *'],
    [{ minute: 30, hour: 0 }, '30 0 * * *'],
    [{ minute: 0, hour: 10, day_of_week: 'monday' }, '0 10 * * 1'],
    [{ minute: '*/15', hour: '22-2' }, '0,15,30,45 0,1,2,22,23 * * *'],
    [{ minute: 0, hour: 0, day_of_week: 'fri-mon' }, '0 0 * * 0,1,5,6'],
    [{ minute: 0, hour: 0, day_of_month: '1-7', month_of_year: 'nov-jan' }, '0 0 1,2,3,4,5,6,7 1,11,12 *'],
    [{ minute: '0-59', hour: '*/1', day_of_week: 'sun-sat', day_of_month: '1-31' }, '* * * * *'],
  ])('says every value of %j', (fields, expected) => {
    expect(expressionOf(fields)).toBe(expected);
  });

  it.each<CrontabFields>([
    { day_of_week: 1, day_of_month: '1-7' },
    { day_of_week: '*/2', day_of_month: 1 },
  ])('cannot say two restricted day fields: %j', (fields) => {
    expect(() => expressionOf(fields)).toThrow(
      'day_of_month and day_of_week are both restricted; Celery means days that fit both, cron days that fit either',
    );
  });
});
