import { Redis } from 'ioredis';
import { z } from 'zod';
import { RedisCache } from '../../workers/state/cache.ts';
import { RedisConnection } from '../../workers/state/redis-connection.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { recordedLog } from './recorded-log.ts';

export const Dish = z.strictObject({ name: z.string() });
export type Dish = z.infer<typeof Dish>;

/** An original that counts how often it is read, and whose reading can be held up. */
export class Original {
  value: Dish | undefined = { name: 'soup' };
  loads = 0;
  #gate: Promise<void> | undefined;
  #open: () => void = () => {};

  /** What a reading returns was there when it began, however long it is held. */
  readonly load = async (): Promise<Dish | undefined> => {
    this.loads += 1;
    const value = this.value;
    await this.#gate;
    return value;
  };

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#gate = undefined;
    this.#open();
  }
}

/** The cache entry the tests use, its key and the key of the lease to fill it. */
export const menu = { restaurantId: 'r1' };
export const key = 'cache:menu:r1';
export const lease = 'cache-lock:cache:menu:r1';

/** Reads the entry through a cache. */
export function read(
  cache: RedisCache,
  original: Original,
  missingTtlSeconds?: number,
): Promise<Dish | undefined> {
  return cache.read('menuCache', menu, {
    schema: Dish,
    load: original.load,
    ...(missingTtlSeconds !== undefined && { missingTtlSeconds }),
  });
}

/** A Redis with connections of two processes. */
export interface CacheFixture {
  readonly server: TestRedis;
  /** A plain client, to look and to do damage. */
  readonly redis: Redis;
  readonly connection: RedisConnection;
  /** New caches of two processes over the same connections. */
  caches(options?: { readonly patienceMs?: number; readonly leaseMs?: number }): {
    readonly here: RedisCache;
    readonly elsewhere: RedisCache;
  };
  close(): Promise<void>;
}

export async function startCacheFixture(): Promise<CacheFixture> {
  const server = await startTestRedis();
  const redis = new Redis(server.url);
  // The server is stopped on purpose.
  redis.on('error', () => {});
  const connection = new RedisConnection({ REDIS_URL: server.url }, recordedLog());
  const other = new RedisConnection({ REDIS_URL: server.url }, recordedLog());
  return {
    server,
    redis,
    connection,
    caches: (options) => ({
      here: new RedisCache(connection, options),
      elsewhere: new RedisCache(other, options),
    }),
    close: async () => {
      await connection.close();
      await other.close();
      redis.disconnect();
      await server.remove();
    },
  };
}
