import { describe, expect, it } from '@jest/globals';
import { usualBackOff, waitBeforeStart } from '../../../local/processes/back-off.ts';

describe('the wait before a process is started again', () => {
  it('doubles with every failure up to a limit', () => {
    const backOff = { firstMs: 100, longestMs: 1_000, forgivenAfterMs: 0 };
    expect([1, 2, 3, 4, 5, 6].map((failures) => waitBeforeStart(failures, backOff))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
  });

  it('stays at its limit however often a process fails', () => {
    expect(waitBeforeStart(5_000, usualBackOff)).toBe(usualBackOff.longestMs);
  });
});
