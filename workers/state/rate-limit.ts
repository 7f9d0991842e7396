import { redisKey } from '../platform/redis-keys.ts';
import { rateSubject } from './rate-subject.ts';
import type { RedisConnection } from './redis-connection.ts';
import { takePermit } from './scripts/take-permit.ts';

export interface RateLimit {
  /** How many permits come back in a minute. */
  readonly perMinute: number;
  /** How many permits may be taken at once after a pause. */
  readonly burst: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  /** Permits that could be taken right now. */
  readonly remaining: number;
  /** Whole seconds until a permit is there again; 0 when this one was given. */
  readonly retryAfterSeconds: number;
}

/** Limits how often a subject may do something, over all processes together. */
export interface RateLimiter {
  /**
   * Takes one permit of an address or user (`user-<id>`).
   * @throws PlatformError STATE_UNAVAILABLE while Redis is away; RangeError for a rate that is not positive or a burst that is not a whole number from 1
   */
  take(subject: string, limit: RateLimit): Promise<RateDecision>;
}

export function createRateLimiter(connection: RedisConnection): RateLimiter {
  return {
    async take(subject, { perMinute, burst }) {
      const intervalMicros = Math.round(60_000_000 / perMinute);
      const possible = intervalMicros >= 1 && Number.isSafeInteger(burst) && burst >= 1;
      if (!possible || !Number.isSafeInteger(intervalMicros * burst)) {
        throw new RangeError(`a rate limit of ${perMinute} a minute with a burst of ${burst} is impossible`);
      }
      const key = redisKey('rate', { ip: rateSubject(subject) });
      const [allowed, remaining, waitMicros] = await connection.script(
        takePermit,
        [key],
        [intervalMicros, burst],
      );
      return { allowed: allowed === 1, remaining, retryAfterSeconds: Math.ceil(waitMicros / 1_000_000) };
    },
  };
}
