import type { RetryRequest } from '../outcomes.ts';

/**
 * When the next attempt expires (celery/app/task.py, `Task.retry`, whose further options are those of `apply_async`): what
 * the task does not say is carried over from this attempt.
 * @param now in milliseconds since 1970, from when seconds count
 * @returns milliseconds since 1970; null for never, undefined for as this attempt, NaN for what is no time
 */
export function retryExpiry(expires: RetryRequest['expires'], now: number): number | null | undefined {
  if (expires === undefined || expires === null) return expires;
  return new Date(typeof expires === 'number' ? now + expires * 1000 : expires).getTime();
}
