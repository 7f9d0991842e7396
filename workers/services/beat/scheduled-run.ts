import { encodeTask, type TaskMessage } from '../../celery/protocol/task-message.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';

/** Who sends the tasks of the schedule, as their messages and metrics name it: every beat and every CronJob. */
export const beatName = 'beat@smarteats';

const minuteMs = 60_000;
/** What ends in a number of minutes further away than this is not named after the minute it was scheduled for. */
const farMs = 366 * 24 * 60 * minuteMs;

/**
 * The minute that a run of a schedule entry is for. Kubernetes names the Jobs of a CronJob after it:
 * `<CronJob>-<minutes since 1970>`, the same for every pod of the Job. A Job that somebody made by hand has another
 * name, and its minute is the present one.
 */
export function scheduledMinute(entry: string, jobName: string | undefined, now: Date): Date {
  const suffix = jobName?.startsWith(`${entry}-`) ? jobName.slice(entry.length + 1) : '';
  const named = /^\d+$/.test(suffix) ? Number(suffix) * minuteMs : Number.NaN;
  return minuteOf(Math.abs(named - now.getTime()) < farMs ? new Date(named) : now);
}

/** The beginning of the minute that a time is in. */
export function minuteOf(time: Date): Date {
  return new Date(Math.floor(time.getTime() / minuteMs) * minuteMs);
}

/**
 * The id of a run: its entry and its minute in UTC, such as `cleanup-expired-carts-202611230200`, with the second where
 * it has one, as runs of an interval have.
 */
export function runId(entry: string, due: Date): string {
  const end = due.getUTCSeconds() === 0 ? 16 : 19;
  return `${entry}-${due.toISOString().slice(0, end).replaceAll(/\D/g, '')}`;
}

/**
 * The task message of one run. The same entry and minute always give the same message, so that a run that is
 * published twice can be recognised.
 *
 * @throws PlatformError SCHEDULE_ENTRY_UNKNOWN
 */
export function messageOfRun(platform: Platform, name: string, minute: Date): TaskMessage {
  const entry = Object.hasOwn(platform.schedule, name) ? platform.schedule[name] : undefined;
  const task = entry && platform.tasks[entry.task];
  if (entry === undefined || task === undefined) {
    const known = Object.keys(platform.schedule).join(', ');
    const message = `${name} is not in the schedule; its entries are: ${known}`;
    throw new PlatformError('SCHEDULE_ENTRY_UNKNOWN', message);
  }
  const { expires, priority, headers } = entry.options ?? {};
  return encodeTask({
    task: entry.task,
    id: runId(name, minute),
    args: entry.args ?? [],
    kwargs: entry.kwargs ?? {},
    queue: task.queue,
    origin: beatName,
    ...(expires !== undefined && { expires: new Date(minute.getTime() + expires * 1000) }),
    ...(priority !== undefined && { priority }),
    // A convention: nothing else tells a periodic task from any other.
    headers: { ...headers, periodic_task_name: name },
  });
}
