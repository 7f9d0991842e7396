import { describe, expect, it } from '@jest/globals';
import { retryExpiry } from '../../../workers/celery/worker/retry-expiry.ts';

const now = Date.UTC(2026, 0, 1);

describe('the expiry of the next attempt', () => {
  it('is that of this attempt where the task says nothing', () => {
    expect(retryExpiry(undefined, now)).toBeUndefined();
  });

  it('is lifted where the task says so', () => {
    expect(retryExpiry(null, now)).toBeNull();
  });

  it('counts from now where it is given in seconds', () => {
    expect(retryExpiry(1.5, now)).toBe(now + 1_500);
    expect(retryExpiry(-1, now)).toBe(now - 1_000);
  });

  it('is the time that is given', () => {
    expect(retryExpiry(new Date(now + 7), 0)).toBe(now + 7);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e20, new Date(Number.NaN)])(
    'is no time for %p',
    (expires) => {
      expect(retryExpiry(expires, now)).toBeNaN();
    },
  );
});
