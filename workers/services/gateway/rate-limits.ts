import type { FastifyReply, FastifyRequest } from 'fastify';
import { PlatformError } from '../../platform/errors.ts';
import type { RateLimit, RateLimiter } from '../../state/rate-limit.ts';
import { rateSubject } from '../../state/rate-subject.ts';
import type { App } from '../host/service-module.ts';
import type { Callers } from './callers.ts';

/** Log-in attempts a minute at one account from one address. */
const attemptsAtOneAccount: RateLimit = { perMinute: 10, burst: 10 };

/** The part of an address's requests that may be log-in attempts, so that passwords cannot be tried at full speed. */
const shareOfAttempts = 5;

/** Limits how fast a caller may send requests; a limit that is reached is answered with 429 and Retry-After. */
export interface RateLimits {
  /**
   * Takes an attempt to log in.
   * @throws PlatformError RATE_LIMITED
   */
  takeLoginAttempt(request: FastifyRequest, email: string): Promise<void>;
}

/**
 * Limits every route of this scope: each user, and each address as far as its requests have no session.
 * The answers say in x-ratelimit-limit, -remaining and -reset (seconds until the bucket is full) how much is left.
 *
 * @param perMinute requests a minute; as many may come at once
 */
export function limitRates(
  app: App,
  rateLimiter: RateLimiter,
  callers: Callers,
  perMinute: number,
): RateLimits {
  const limit: RateLimit = { perMinute, burst: perMinute };
  const attempts = Math.max(1, Math.ceil(perMinute / shareOfAttempts));

  const take = async (subject: string, each: RateLimit) => {
    const { allowed, remaining, retryAfterSeconds } = await rateLimiter.take(subject, each);
    if (!allowed) throw new PlatformError('RATE_LIMITED', undefined, { details: { retryAfterSeconds } });
    return remaining;
  };

  app.addHook('onRequest', async (request, reply) => {
    const caller = callers.find(request);
    showLimit(reply, limit, 0);
    const remaining = await take(caller === undefined ? request.ip : `user-${caller.userId}`, limit);
    showLimit(reply, limit, remaining);
  });

  return {
    takeLoginAttempt: async (request, email) => {
      await take(`login-${rateSubject(request.ip)}`, { perMinute: attempts, burst: attempts });
      // By address as well, so that nobody can lock somebody else out.
      await take(`login-${rateSubject(request.ip)}-${email.toLowerCase()}`, attemptsAtOneAccount);
    },
  };
}

function showLimit(reply: FastifyReply, { perMinute, burst }: RateLimit, remaining: number): void {
  reply.headers({
    'x-ratelimit-limit': String(burst),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.ceil(((burst - remaining) * 60) / perMinute)),
  });
}
