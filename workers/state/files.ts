import { redisKey, redisKeys } from '../platform/redis-keys.ts';
import type { RedisConnection } from './redis-connection.ts';

/**
 * Files for a while, such as reports, where there is neither a volume that processes share nor a bucket.
 * Every method throws PlatformError STATE_UNAVAILABLE while Redis is away.
 */
export interface Files {
  /** Keeps a file for eight days, in place of an earlier one of this name. */
  keep(name: string, content: Buffer): Promise<void>;
  /** Undefined where nothing is kept, or not any more. */
  find(name: string): Promise<Buffer | undefined>;
}

export function createFiles(connection: RedisConnection): Files {
  return {
    async keep(name, content) {
      const key = redisKey('file', { name });
      await connection.run((redis) => redis.set(key, content, 'EX', redisKeys.file.ttlSeconds));
    },

    async find(name) {
      const key = redisKey('file', { name });
      return (await connection.run((redis) => redis.getBuffer(key))) ?? undefined;
    },
  };
}
