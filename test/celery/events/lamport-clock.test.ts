import { describe, expect, it } from '@jest/globals';
import { LamportClock } from '../../../workers/celery/events/lamport-clock.ts';

describe('a logical clock', () => {
  it('goes on with everything that is sent', () => {
    const clock = new LamportClock();
    expect([clock.forward(), clock.forward(), clock.value]).toEqual([1, 2, 2]);
  });

  it('is later than everything that it has heard of', () => {
    const clock = new LamportClock();
    clock.adjust(41);
    expect(clock.value).toBe(42);
    clock.adjust(7);
    expect(clock.value).toBe(43);
  });

  it.each([undefined, null, 'late', 1.5, Number.NaN, Number.POSITIVE_INFINITY, {}])(
    'ignores %p, which is no time',
    (other) => {
      const clock = new LamportClock();
      clock.adjust(other);
      expect(clock.value).toBe(0);
    },
  );
});
