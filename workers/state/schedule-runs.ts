import { randomUUID } from 'node:crypto';
import { redisKey } from '../platform/redis-keys.ts';
import type { RedisConnection } from './redis-connection.ts';
import { deleteIfEqual } from './scripts/delete-if-equal.ts';
import { recordCorrupt } from './stored.ts';

/**
 * Remembers when each entry of the schedule was last due and published, for all that publish it.
 * Every method throws PlatformError STATE_UNAVAILABLE while Redis is away.
 */
export interface ScheduleRuns {
  /** When the entry last ran; one that nobody has seen before counts as run at `now`. */
  lastRun(entry: string, now: Date): Promise<Date>;
  /**
   * Lets one process at a time publish an entry.
   * @param forMs when the lock ends, should its holder die, in milliseconds
   * @returns undefined while somebody else has it
   */
  lock(entry: string, forMs: number): Promise<{ release(): Promise<void> } | undefined>;
  /** Notes that the run that was due at `due` was published. */
  ran(entry: string, due: Date): Promise<void>;
}

export function createScheduleRuns(connection: RedisConnection): ScheduleRuns {
  const runs = redisKey('scheduleRuns', {});

  return {
    async lastRun(entry, now) {
      await connection.run((redis) => redis.hsetnx(runs, entry, now.getTime()));
      const text = await connection.run((redis) => redis.hget(runs, entry));
      const last = new Date(Number(text));
      if (text === null || Number.isNaN(last.getTime())) throw recordCorrupt(runs, `${entry} is ${text}`);
      return last;
    },

    async lock(entry, forMs) {
      const key = redisKey('scheduleLock', { entry });
      const token = randomUUID();
      const locked = await connection.run((redis) => redis.set(key, token, 'PX', forMs, 'NX'));
      if (locked === null) return undefined;
      return {
        release: async () => {
          await connection.script(deleteIfEqual, [key], [token]);
        },
      };
    },

    async ran(entry, due) {
      await connection.run((redis) => redis.hset(runs, entry, due.getTime()));
    },
  };
}
