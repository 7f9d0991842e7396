import { describe, expect, it, jest } from '@jest/globals';
import { Brake, heed } from '../../workers/messaging/brake.ts';
import { GrowingDelay } from '../../workers/messaging/pause.ts';
import { deliveryOf } from './delivery-of.ts';

const never = new AbortController().signal;

/** A brake whose every delay has the given length, shortened by at most a half. */
function brakeOf(ms: number): Brake {
  return new Brake(new GrowingDelay({ firstMs: ms, longestMs: ms }));
}

/** Whether a delivery may begin now. */
async function isFree(brake: Brake): Promise<boolean> {
  const controller = new AbortController();
  let free = false;
  const released = brake.released(controller.signal).then(() => {
    free = !controller.signal.aborted;
  });
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await released;
  return free;
}

describe('the brake of a consumer', () => {
  it('lets deliveries begin at once as long as none was postponed', async () => {
    const brake = brakeOf(60_000);
    for (const outcome of ['done', 'duplicate', 'retry', 'dead'] as const) brake.note(outcome);
    expect(await isFree(brake)).toBe(true);
  });

  it('holds nothing back for longer when the time of day is set back', async () => {
    const brake = brakeOf(60);
    brake.note('postpone');
    const today = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    try {
      await brake.released(AbortSignal.timeout(20_000));
      expect(await isFree(brake)).toBe(true);
    } finally {
      today.mockRestore();
    }
  });

  it('holds deliveries back for a while after a postponed one', async () => {
    const brake = brakeOf(60);
    const before = Date.now();
    brake.note('postpone');
    await brake.released(never);
    expect(Date.now() - before).toBeGreaterThanOrEqual(25);
    expect(await isFree(brake)).toBe(true);
  });

  it('counts deliveries that fail together once', () => {
    const delay = new GrowingDelay({ firstMs: 60_000, longestMs: 60_000 });
    const brake = new Brake(delay);
    for (let count = 0; count < 50; count += 1) brake.note('postpone');
    expect(delay.attempts).toBe(1);
  });

  it('is released by the first delivery that ends well, not by a dead one', async () => {
    const brake = brakeOf(60_000);
    brake.note('postpone');
    brake.note('dead');
    expect(await isFree(brake)).toBe(false);
    brake.note('done');
    expect(await isFree(brake)).toBe(true);
  });

  it('does not hold a delivery that is lost', async () => {
    const brake = brakeOf(60_000);
    brake.note('postpone');
    await brake.released(AbortSignal.abort());
  });

  it('learns outcomes as a layer and passes them on', async () => {
    const brake = brakeOf(60_000);
    const handle = heed(brake)(async () => ({ kind: 'postpone', error: 'x' }));
    expect(await handle(deliveryOf({}))).toEqual({ kind: 'postpone', error: 'x' });
    expect(await isFree(brake)).toBe(false);
  });
});
