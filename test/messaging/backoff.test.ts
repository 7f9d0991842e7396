import { describe, expect, it } from '@jest/globals';
import { postponeDelay, retryDelay } from '../../workers/messaging/backoff.ts';

const steps = [1_000, 5_000, 15_000, 60_000, 300_000];
const patient = { maxAttempts: 7, maxDelayMs: 300_000 };

describe('the delay before the next attempt', () => {
  it('takes the n-th step after attempt n and stays at the last one', () => {
    const taken = [1, 2, 3, 4, 5, 6, 7, 500].map((attempt) => retryDelay(attempt, patient, steps).stepMs);
    expect(taken).toEqual([1_000, 5_000, 15_000, 60_000, 300_000, 300_000, 300_000, 300_000]);
  });

  it('uses no step longer than the longest delay of the queue', () => {
    const steady = { maxAttempts: 120, maxDelayMs: 20_000 };
    const taken = [1, 2, 3, 4, 100].map((attempt) => retryDelay(attempt, steady, steps).stepMs);
    expect(taken).toEqual([1_000, 5_000, 15_000, 15_000, 15_000]);
  });

  it('is the shortest step when the longest delay of the queue is shorter than every step', () => {
    expect(retryDelay(3, { maxAttempts: 5, maxDelayMs: 10 }, steps).stepMs).toBe(1_000);
  });

  it('is spread over the second half of the step', () => {
    expect(retryDelay(1, patient, steps, 0).ttlMs).toBe(500);
    expect(retryDelay(1, patient, steps, 0.5).ttlMs).toBe(750);
    expect(retryDelay(1, patient, steps, 0.999999).ttlMs).toBe(1_000);
    const random = Array.from({ length: 200 }, () => retryDelay(2, patient, steps).ttlMs);
    expect(Math.min(...random)).toBeGreaterThanOrEqual(2_500);
    expect(Math.max(...random)).toBeLessThanOrEqual(5_000);
    expect(new Set(random).size).toBeGreaterThan(50);
  });
});

describe('the delay of a postponed message', () => {
  it('grows with the number of postponements up to a few seconds', () => {
    const taken = [0, 1, 2, 1_000].map((postponed) => postponeDelay(postponed, steps).stepMs);
    expect(taken).toEqual([1_000, 5_000, 5_000, 5_000]);
  });

  it('is spread like any other', () => {
    expect(postponeDelay(0, steps, 0).ttlMs).toBe(500);
  });
});
