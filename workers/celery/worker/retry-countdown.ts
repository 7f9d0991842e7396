import type { TaskRetry } from '../task.ts';

/** Celery's defaults in seconds: of `default_retry_delay` and of `retry_backoff_max`. */
const usualDelay = 180;
const longestBackoff = 600;

/**
 * Seconds until the next attempt (celery/utils/time.py, `get_exponential_backoff_interval`): whole seconds, and with
 * jitter any number of them below.
 * @param random a number from 0 up to 1
 */
export function retryCountdown(retry: TaskRetry, retries: number, random: number = Math.random()): number {
  const { backoff, delaySeconds = usualDelay } = retry;
  if (backoff === undefined) return delaySeconds;
  const { factor, maxSeconds = longestBackoff, jitter = true } = backoff;
  const full = Math.min(maxSeconds, factor * 2 ** retries);
  return jitter ? Math.floor(random * (full + 1)) : full;
}
