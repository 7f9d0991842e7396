import { cronExpression, parseCrontab } from '../workers/platform/crontab.ts';
import { longestGapSeconds } from '../workers/platform/crontab-calendar.ts';
import { PlatformError } from '../workers/platform/errors.ts';
import { isInterval, type ScheduleEntry } from '../workers/platform/schedule.ts';

/** When a CronJob runs, and how late it may. */
export interface CronJobSchedule {
  /** Five fields with every value written out. */
  readonly schedule: string;
  readonly startingDeadlineSeconds: number;
}

/** The controller looks for what is due every ten seconds, so a shorter deadline would let runs slip. */
const leastDeadlineSeconds = 60;

/**
 * A schedule entry as a CronJob says it. After an outage a missed entry runs once, as with Celery's beat: of all runs
 * that are not longer ago than the deadline, Kubernetes starts the latest. A run that its entry would count as
 * expired is not made up for.
 *
 * @throws PlatformError PLATFORM_DECLARATION_INVALID for what Celery can do and a CronJob cannot
 */
export function cronJobSchedule(name: string, { schedule, options }: ScheduleEntry): CronJobSchedule {
  if (isInterval(schedule)) {
    const why = 'an interval counts from the last run, which a CronJob does not know; give it a crontab';
    throw inexpressible(name, why);
  }
  const crontab = parseCrontab(schedule);
  const usefulSeconds = Math.min(longestGapSeconds(crontab), options?.expires ?? Number.POSITIVE_INFINITY);
  try {
    return {
      schedule: cronExpression(crontab),
      startingDeadlineSeconds: Math.max(leastDeadlineSeconds, Math.floor(usefulSeconds)),
    };
  } catch (error) {
    if (error instanceof PlatformError) throw inexpressible(name, error.message);
    throw error;
  }
}

function inexpressible(name: string, why: string): PlatformError {
  return new PlatformError('PLATFORM_DECLARATION_INVALID', `schedule ${name}: ${why}`);
}
