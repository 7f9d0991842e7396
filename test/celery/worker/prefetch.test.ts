import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Prefetch } from '../../../workers/celery/worker/prefetch.ts';
import type { QueueConsumer } from '../../../workers/celery/worker/queue-consumer.ts';

/** A consumer that only notes what it may hold. */
function consumerOf(adjustable: boolean) {
  const limits: number[] = [];
  const setPrefetch = (count: number) => limits.push(count);
  // These two are all that is asked of a consumer here.
  return { consumer: { adjustable, setPrefetch } as unknown as QueueConsumer, limits };
}

describe('the prefetch of a consumer', () => {
  it('is the number of slots times the multiplier', () => {
    expect(new Prefetch(8, 4).base).toBe(32);
    expect(new Prefetch(1, 0).base).toBe(1);
  });

  it('grows by each task that waits for its time and shrinks by each that no longer does, told once in a turn', async () => {
    const prefetch = new Prefetch(2, 4);
    const { consumer, limits } = consumerOf(true);
    const releases = [1, 2, 3].map(() => prefetch.hold(consumer));
    await turn();
    expect(limits).toEqual([11]);
    releases[0]?.();
    releases[0]?.();
    await turn();
    expect(limits).toEqual([11, 10]);
  });

  it('stands where it cannot change, and then half of what no slot needs may wait', async () => {
    const prefetch = new Prefetch(2, 4);
    const { consumer, limits } = consumerOf(false);
    for (const held of [1, 2, 3]) {
      expect([held, prefetch.hasRoomToHold(consumer)]).toEqual([held, true]);
      prefetch.hold(consumer);
    }
    expect(prefetch.hasRoomToHold(consumer)).toBe(false);
    await turn();
    expect(limits).toEqual([]);
    expect(new Prefetch(4, 1).hasRoomToHold(consumerOf(false).consumer)).toBe(false);
  });

  it('follows the number of slots', async () => {
    const prefetch = new Prefetch(2, 4);
    const { consumer, limits } = consumerOf(false);
    prefetch.resize(3, [consumer]);
    await turn();
    expect(limits).toEqual([12]);
  });
});
