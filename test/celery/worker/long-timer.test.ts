import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { callAt } from '../../../workers/celery/worker/long-timer.ts';

describe('a timer', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const day = 24 * 3600 * 1000;

  it("calls back at its time, also when that is farther away than Node's timers reach", () => {
    const called: number[] = [];
    callAt(60 * day, () => called.push(Date.now()));
    jest.advanceTimersByTime(60 * day - 1);
    expect(called).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(called).toEqual([60 * day]);
  });

  it('calls back soon for a time that is over', () => {
    const called: number[] = [];
    callAt(-5, () => called.push(Date.now()));
    jest.advanceTimersByTime(1);
    expect(called).toHaveLength(1);
  });

  it('can be given up, also after its first stretch', () => {
    const called: number[] = [];
    const stop = callAt(60 * day, () => called.push(Date.now()));
    jest.advanceTimersByTime(30 * day);
    stop();
    jest.advanceTimersByTime(60 * day);
    expect(called).toEqual([]);
  });
});
