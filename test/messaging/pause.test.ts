import { describe, expect, it } from '@jest/globals';
import { GrowingDelay, pause, settlesWithin, unlessAborted } from '../../workers/messaging/pause.ts';

describe('a growing delay', () => {
  it('doubles up to the longest, each shortened by at most a half', () => {
    const delay = new GrowingDelay({ firstMs: 100, longestMs: 1_000 });
    for (const full of [100, 200, 400, 800, 1_000, 1_000]) {
      const taken = delay.next();
      expect(taken).toBeGreaterThanOrEqual(full / 2);
      expect(taken).toBeLessThanOrEqual(full);
    }
    expect(delay.attempts).toBe(6);
  });

  it('stays finite however often it is taken', () => {
    const delay = new GrowingDelay({ firstMs: 100, longestMs: 10_000 });
    for (let index = 0; index < 5_000; index += 1) delay.next();
    expect(delay.next()).toBeLessThanOrEqual(10_000);
  });

  it('begins anew after a reset', () => {
    const delay = new GrowingDelay({ firstMs: 100, longestMs: 10_000 });
    for (let index = 0; index < 10; index += 1) delay.next();
    delay.reset();
    expect(delay.next()).toBeLessThanOrEqual(100);
  });
});

describe('a pause', () => {
  it('ends at once when its signal aborts, without an error', async () => {
    const controller = new AbortController();
    const paused = pause(60_000, controller.signal);
    controller.abort();
    await paused;
    await pause(60_000, controller.signal);
  });
});

describe('waiting for a promise within a time', () => {
  it('tells whether it settled, well or not', async () => {
    expect(await settlesWithin(Promise.resolve(), 1_000)).toBe(true);
    expect(await settlesWithin(Promise.reject(new Error('x')), 1_000)).toBe(true);
    expect(await settlesWithin(new Promise(() => undefined), 5)).toBe(false);
    expect(await settlesWithin(new Promise(() => undefined), -5)).toBe(false);
  });
});

describe('waiting for a promise unless a signal aborts', () => {
  it('gives what the promise gives, and fails as it fails', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(unlessAborted(Promise.reject(new Error('x')), signal)).rejects.toThrow('x');
  });

  it('gives up when the signal aborts, whatever becomes of the promise', async () => {
    const controller = new AbortController();
    let fail: (error: Error) => void = () => undefined;
    const promise = new Promise<number>((_, reject) => {
      fail = reject;
    });
    const waiting = unlessAborted(promise, controller.signal);
    controller.abort();
    expect(await waiting).toBeUndefined();
    fail(new Error('too late to matter'));
    expect(await unlessAborted(new Promise(() => undefined), controller.signal)).toBeUndefined();
  });
});
