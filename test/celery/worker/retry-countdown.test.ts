import { describe, expect, it } from '@jest/globals';
import { retryCountdown } from '../../../workers/celery/worker/retry-countdown.ts';

describe('the time until the next attempt', () => {
  it('is three minutes unless the task says otherwise', () => {
    expect(retryCountdown({}, 0)).toBe(180);
    expect(retryCountdown({ delaySeconds: 5 }, 9)).toBe(5);
  });

  it('doubles with each attempt up to ten minutes', () => {
    const backoff = { factor: 2, jitter: false };
    expect([0, 1, 2, 8, 20].map((retries) => retryCountdown({ backoff }, retries))).toEqual([
      2, 4, 8, 512, 600,
    ]);
  });

  it('is any whole number of seconds up to that with jitter', () => {
    const backoff = { factor: 4, maxSeconds: 10 };
    expect(retryCountdown({ backoff }, 3, 0)).toBe(0);
    expect(retryCountdown({ backoff }, 3, 0.5)).toBe(5);
    expect(retryCountdown({ backoff }, 3, 0.999)).toBe(10);
  });
});
