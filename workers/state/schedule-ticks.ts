import { redisKey } from '../platform/redis-keys.ts';
import type { RedisConnection } from './redis-connection.ts';
import { recordCorrupt } from './stored.ts';

/** When each schedule entry was last due and published. Methods throw PlatformError STATE_UNAVAILABLE while Redis is away. */
export interface ScheduleTicks {
  /** The task of an entry is at the broker. */
  record(entry: string, at: Date): Promise<void>;
  /**
   * The last tick of each of these entries. One that is seen for the first time counts from now, so that it is not
   * overdue before it was ever due.
   */
  last(entries: readonly string[], now: Date): Promise<ReadonlyMap<string, Date>>;
}

export class RedisScheduleTicks implements ScheduleTicks {
  readonly #connection: RedisConnection;
  readonly #key = redisKey('scheduleTicks', {});

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async record(entry: string, at: Date): Promise<void> {
    await this.#connection.run((redis) => redis.hset(this.#key, entry, at.getTime()));
  }

  async last(entries: readonly string[], now: Date): Promise<ReadonlyMap<string, Date>> {
    const texts = await this.#connection.run(async (redis) => {
      await Promise.all(entries.map((entry) => redis.hsetnx(this.#key, entry, now.getTime())));
      return entries.length === 0 ? [] : redis.hmget(this.#key, ...entries);
    });
    return new Map(
      entries.map((entry, index) => {
        const ms = Number(texts[index] ?? Number.NaN);
        if (!Number.isSafeInteger(ms)) throw recordCorrupt(this.#key, `${entry} is ${texts[index]}`);
        return [entry, new Date(ms)];
      }),
    );
  }
}
