import { DateTime } from 'luxon';
import { PlatformError } from '../../platform/errors.ts';

/** A day in the time zone of a restaurant. Its length is not always 24 hours. */
export interface LocalDay {
  /** ISO 8601, `2026-11-23`. */
  readonly date: string;
  readonly from: Date;
  /** The first moment of the next day. */
  readonly until: Date;
}

/**
 * The date that the calendar of a time zone shows at a moment.
 * @throws PlatformError RECORD_CORRUPT for a name that is no time zone
 */
export function dateAt(moment: Date, timeZone: string): string {
  return valid(DateTime.fromJSDate(moment, { zone: timeZone })).toISODate();
}

/** The hour that clocks of a time zone show at a moment, 0 to 23. */
export function hourAt(moment: Date, timeZone: string): number {
  return valid(DateTime.fromJSDate(moment, { zone: timeZone })).hour;
}

/** When a date begins and ends in a time zone, also where no clock there shows midnight on that date. */
export function localDay(date: string, timeZone: string): LocalDay {
  const noon = valid(DateTime.fromISO(`${date}T12:00:00`, { zone: timeZone }));
  const from = noon.startOf('day');
  return { date, from: from.toJSDate(), until: noon.plus({ days: 1 }).startOf('day').toJSDate() };
}

/** The date some days later, or earlier for a negative number. */
export function addDays(date: string, days: number): string {
  return valid(DateTime.fromISO(date, { zone: 'utc' }).plus({ days })).toISODate();
}

/** All dates from one to another, both included. */
export function datesOf({ from, to }: { readonly from: string; readonly to: string }): readonly string[] {
  const dates: string[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  return dates;
}

function valid(time: DateTime<true> | DateTime<false>): DateTime<true> {
  if (time.isValid) return time;
  throw new PlatformError(
    'RECORD_CORRUPT',
    `A restaurant has a time zone or date that is none: ${time.invalidExplanation}`,
  );
}
