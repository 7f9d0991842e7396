import { describe, expect, it } from '@jest/globals';
import { TokenBucket } from '../../../workers/celery/worker/token-bucket.ts';

describe('a token bucket', () => {
  it('gives one token at once and tells how long the next takes', () => {
    const clock = { now: 0 };
    const bucket = new TokenBucket(2, () => clock.now);
    expect(bucket.take()).toBe(0);
    expect(bucket.take()).toBe(500);
    clock.now = 200;
    expect(bucket.take()).toBe(300);
    clock.now = 500;
    expect(bucket.take()).toBe(0);
  });

  it('saves up no more than one token, however long nobody takes any', () => {
    const clock = { now: 0 };
    const bucket = new TokenBucket(10, () => clock.now);
    clock.now = 3_600_000;
    expect(bucket.take()).toBe(0);
    expect(bucket.take()).toBe(100);
  });

  it('gives as many tokens in the long run as its rate says', () => {
    const clock = { now: 0 };
    const bucket = new TokenBucket(7, () => clock.now);
    let given = 0;
    while (clock.now < 10_000) {
      const wait = bucket.take();
      if (wait === 0) given += 1;
      else clock.now += wait;
    }
    expect(given).toBeGreaterThanOrEqual(69);
    expect(given).toBeLessThanOrEqual(71);
  });
});
