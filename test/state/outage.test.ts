import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Outage } from '../../workers/state/outage.ts';

describe('an outage', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const outageOf = (maxWaiting = 10) => new Outage({ patienceMs: 1_000, maxWaiting });

  it('is nothing to wait for before it began', async () => {
    expect(await outageOf().waitForEnd()).toBe(true);
  });

  it('is waited for while it is young', async () => {
    const outage = outageOf();
    outage.begin();
    const waiting = [outage.waitForEnd(), outage.waitForEnd()];
    jest.advanceTimersByTime(999);
    outage.end();
    expect(await Promise.all(waiting)).toEqual([true, true]);
    expect(await outage.waitForEnd()).toBe(true);
  });

  it('is given up by all who wait when it lasts, and by later callers at once', async () => {
    const outage = outageOf();
    outage.begin();
    const early = outage.waitForEnd();
    jest.advanceTimersByTime(600);
    const late = outage.waitForEnd();
    jest.advanceTimersByTime(400);
    expect(await Promise.all([early, late, outage.waitForEnd()])).toEqual([false, false, false]);
  });

  it('does not become young again by being noticed again', async () => {
    const outage = outageOf();
    outage.begin();
    jest.advanceTimersByTime(1_000);
    outage.begin();
    expect(await outage.waitForEnd()).toBe(false);
  });

  it('is young again when it comes a second time', async () => {
    const outage = outageOf();
    outage.begin();
    jest.advanceTimersByTime(5_000);
    outage.end();
    outage.begin();
    const waiting = outage.waitForEnd();
    outage.end();
    expect(await waiting).toBe(true);
  });

  it('turns callers away when too many wait already', async () => {
    const outage = outageOf(2);
    outage.begin();
    const waiting = [outage.waitForEnd(), outage.waitForEnd()];
    expect(await outage.waitForEnd()).toBe(false);
    outage.end();
    expect(await Promise.all(waiting)).toEqual([true, true]);
    outage.begin();
    const again = outage.waitForEnd();
    outage.end();
    expect(await again).toBe(true);
  });

  it('holds nobody and no timer once it is abandoned', async () => {
    const outage = outageOf();
    outage.begin();
    const waiting = outage.waitForEnd();
    outage.abandon();
    expect(await waiting).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
  });
});
