import { setTimeout as delay } from 'node:timers/promises';
import type { ScheduleEntry } from '../../platform/schedule.ts';
import type { ScheduleRuns } from '../../state/schedule-runs.ts';
import type { Logger } from '../../telemetry/log.ts';
import { dueTimes } from './due.ts';

export interface BeatDeps {
  readonly schedule: Readonly<Record<string, ScheduleEntry>>;
  readonly runs: ScheduleRuns;
  /** Publishes the run of an entry that was due at a time, and resolves once the broker has it. */
  readonly publish: (entry: string, due: Date) => Promise<void>;
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** @default the present */
  readonly now?: () => Date;
}

/** Longest time between two looks at the clock, which may be set, in milliseconds. */
const longestSleepMs = 10_000;
/** Time before an entry is tried again that could not be published, in milliseconds. */
const retryMs = 5_000;
/** How long a lock outlives its holder; longer than publishing may take, in milliseconds. */
const lockMs = 120_000;

/**
 * Publishes the tasks of the schedule when they are due, until the signal is aborted. Any number of beats may run: the
 * runs are remembered in Redis, and one beat at a time publishes an entry. What came due while none ran is published
 * once. A beat that dies between publishing and noting it leaves the same message, with the same id, to the next one.
 */
export async function runBeat(deps: BeatDeps, signal: AbortSignal): Promise<void> {
  const entries = Object.entries(deps.schedule).map(([name, entry]) => keepEntry(deps, name, entry, signal));
  await Promise.all(entries);
}

async function keepEntry(
  deps: BeatDeps,
  name: string,
  entry: ScheduleEntry,
  signal: AbortSignal,
): Promise<void> {
  const look = looker(deps, name, entry);
  while (!signal.aborted) {
    const sleepMs = await look().catch((error: unknown) => {
      deps.log.error(
        { err: error, entry: name },
        'a scheduled task could not be published; it is tried again',
      );
      return retryMs;
    });
    // Aborting ends the sleep.
    await delay(Math.min(Math.max(sleepMs, 1), longestSleepMs), undefined, { signal }).catch(() => undefined);
  }
}

/** Publishes an entry if it is due. @returns a function that says how long nothing is to do then, in milliseconds */
function looker(deps: BeatDeps, name: string, entry: ScheduleEntry): () => Promise<number> {
  const { runs, now = () => new Date() } = deps;
  const due = dueTimes(entry);
  return async () => {
    if (due(await runs.lastRun(name, now()), now()).missed !== undefined) {
      const lock = await runs.lock(name, lockMs);
      if (lock === undefined) return retryMs;
      try {
        // Somebody else may have published it just before the lock.
        const { missed } = due(await runs.lastRun(name, now()), now());
        if (missed !== undefined) await publish(deps, name, entry, missed);
      } finally {
        await lock.release();
      }
    }
    const { next } = due(await runs.lastRun(name, now()), now());
    return next.getTime() - now().getTime();
  };
}

async function publish(deps: BeatDeps, name: string, { options }: ScheduleEntry, due: Date): Promise<void> {
  const { runs, log, now = () => new Date() } = deps;
  const expires = options?.expires;
  if (expires !== undefined && due.getTime() + expires * 1_000 <= now().getTime()) {
    log.info({ entry: name, due }, 'a scheduled task was missed for so long that it is left out');
  } else {
    await deps.publish(name, due);
  }
  await runs.ran(name, due);
}
