import { type CrontabField, type FieldRange, fullRange, parseCrontabField } from './crontab-field.ts';
import { PlatformError } from './errors.ts';

/** When something is due, as Celery's `crontab(…)` takes it; a field that is not given means every value. */
export interface CrontabFields {
  readonly minute?: CrontabField;
  readonly hour?: CrontabField;
  /** 0 to 6, from Sunday. */
  readonly day_of_week?: CrontabField;
  readonly day_of_month?: CrontabField;
  readonly month_of_year?: CrontabField;
}

/** The values of each field, rising. A minute is due if **every** field has it: Celery joins both day fields with AND. */
export type Crontab = { readonly [Field in keyof CrontabFields]-?: readonly number[] };

const ranges: Readonly<Record<keyof CrontabFields, FieldRange>> = {
  minute: { field: 'minute', least: 0, greatest: 59 },
  hour: { field: 'hour', least: 0, greatest: 23 },
  day_of_week: {
    field: 'day_of_week',
    least: 0,
    greatest: 6,
    names: ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
  },
  day_of_month: { field: 'day_of_month', least: 1, greatest: 31 },
  month_of_year: {
    field: 'month_of_year',
    least: 1,
    greatest: 12,
    names: [
      'january',
      'february',
      'march',
      'april',
      'may',
      'june',
      'july',
      'august',
      'september',
      'october',
      'november',
      'december',
    ],
  },
};

/**
 * Reads a crontab by Celery's rules.
 * @throws PlatformError PLATFORM_DECLARATION_INVALID for what Celery does not understand, and for dates that never come
 */
export function parseCrontab(fields: CrontabFields): Crontab {
  const unknown = Object.keys(fields).filter((name) => !Object.hasOwn(ranges, name));
  if (unknown.length > 0) throw invalid(`${unknown.join(', ')} is no field of a crontab`);
  const parse = (field: keyof CrontabFields) => parseCrontabField(fields[field] ?? '*', ranges[field]);
  const crontab: Crontab = {
    minute: parse('minute'),
    hour: parse('hour'),
    day_of_week: parse('day_of_week'),
    day_of_month: parse('day_of_month'),
    month_of_year: parse('month_of_year'),
  };
  const longest = Math.max(...crontab.month_of_year.map((month) => longestMonths[month - 1] ?? 0));
  if (!crontab.day_of_month.some((day) => day <= longest)) {
    const { day_of_month, month_of_year } = crontab;
    throw invalid(`day ${day_of_month.join(', ')} never comes in month ${month_of_year.join(', ')}`);
  }
  return crontab;
}

/** Days of each month, in the years in which it has most. */
const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The same schedule as one line of standard cron: minute, hour, day of month, month, day of week, with every value
 * written out, since cron reads names, ranges and steps in other ways than Celery.
 *
 * @throws PlatformError PLATFORM_DECLARATION_INVALID if both day fields are restricted: cron would join them with OR
 */
export function cronExpression(crontab: Crontab): string {
  const text = (field: keyof Crontab) =>
    crontab[field].length === fullRange(ranges[field]).length ? '*' : crontab[field].join(',');
  if (text('day_of_month') !== '*' && text('day_of_week') !== '*') {
    throw invalid(
      'day_of_month and day_of_week are both restricted; Celery means days that fit both, cron days that fit either',
    );
  }
  const order = ['minute', 'hour', 'day_of_month', 'month_of_year', 'day_of_week'] as const;
  return order.map(text).join(' ');
}

function invalid(message: string): PlatformError {
  return new PlatformError('PLATFORM_DECLARATION_INVALID', message);
}
