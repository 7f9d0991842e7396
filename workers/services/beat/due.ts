import { Cron } from 'croner';
import { type Crontab, parseCrontab } from '../../platform/crontab.ts';
import { isInterval, type ScheduleEntry } from '../../platform/schedule.ts';

/** When an entry is due, seen from one moment. */
export interface Due {
  /** The latest time that was due after the last run; undefined where none was. Earlier ones are not made up for. */
  readonly missed: Date | undefined;
  /** The next time, if the one above is dealt with. */
  readonly next: Date;
}

/** Says when an entry is due. A crontab is read in its time zone, an interval is counted from the last run. */
export function dueTimes(entry: ScheduleEntry): (lastRun: Date, now: Date) => Due {
  if (isInterval(entry.schedule)) return intervalDue(entry.schedule.everySeconds * 1_000);
  // Every value is written out, since cron reads names and steps in other ways than Celery; both day fields must fit.
  const cron = new Cron(pattern(parseCrontab(entry.schedule)), {
    timezone: entry.timeZone,
    domAndDow: true,
    paused: true,
  });
  return (lastRun, now) => {
    // Times before a moment are asked for, and what is due in this very second counts.
    const nextSecond = new Date(Math.floor(now.getTime() / 1_000) * 1_000 + 1_000);
    const [latest] = cron.previousRuns(1, nextSecond);
    const isDue = latest !== undefined && latest > lastRun;
    const next = cron.nextRun(now);
    return { missed: isDue ? latest : undefined, next: next ?? new Date(now.getTime() + dayMs) };
  };
}

const dayMs = 86_400_000;

function intervalDue(everyMs: number): (lastRun: Date, now: Date) => Due {
  return (lastRun, now) => {
    const isDue = now.getTime() - lastRun.getTime() >= everyMs;
    // Ids of runs know seconds.
    const missed = new Date(Math.floor(now.getTime() / 1_000) * 1_000);
    const from = isDue ? missed : lastRun;
    return { missed: isDue ? missed : undefined, next: new Date(from.getTime() + everyMs) };
  };
}

function pattern({ minute, hour, day_of_month, month_of_year, day_of_week }: Crontab): string {
  return [minute, hour, day_of_month, month_of_year, day_of_week].map((values) => values.join(',')).join(' ');
}
