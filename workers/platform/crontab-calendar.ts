import type { Crontab } from './crontab.ts';

const daySeconds = 86_400;

/**
 * The longest time between two runs of a crontab, in seconds, at most a year; changes of summer time left aside.
 * The latest run that was due is never longer ago.
 */
export function longestGapSeconds(crontab: Crontab): number {
  const times = crontab.hour.flatMap((hour) => crontab.minute.map((minute) => hour * 3600 + minute * 60));
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  // From the last run of a day to the first of the next day that has any.
  const overnight = Math.max(...gaps(daysOf(crontab))) * daySeconds - last + first;
  return Math.min(Math.max(...gaps(times), overnight), 366 * daySeconds);
}

function gaps(rising: readonly number[]): readonly number[] {
  return rising.slice(1).map((each, index) => each - (rising[index] ?? each));
}

/** The days on which a crontab is due, as numbers of days, over years that hold two leap days. */
function daysOf({ day_of_week, day_of_month, month_of_year }: Crontab): readonly number[] {
  const begin = Date.UTC(2024, 0, 1) / (daySeconds * 1000);
  return Array.from({ length: 5 * 366 }, (_, index) => begin + index).filter((day) => {
    const date = new Date(day * daySeconds * 1000);
    return (
      day_of_week.includes(date.getUTCDay()) &&
      day_of_month.includes(date.getUTCDate()) &&
      month_of_year.includes(date.getUTCMonth() + 1)
    );
  });
}
