import { describe, expect, it } from '@jest/globals';
import { parseRate } from '../../../workers/celery/worker/rate.ts';

describe('a rate limit', () => {
  it('is read as Celery writes it', () => {
    expect(parseRate('10/s')).toBe(10);
    expect(parseRate('10/m')).toBeCloseTo(1 / 6);
    expect(parseRate('2/h')).toBeCloseTo(2 / 3600);
    expect(parseRate('0.5/s')).toBe(0.5);
    expect(parseRate(3)).toBe(3);
    expect(parseRate('3')).toBe(3);
  });

  it.each([0, '0', '0/m', '', null, undefined])('is none for %p', (rate) => {
    expect(parseRate(rate)).toBeUndefined();
  });

  it.each(['fast', '10/d', '/m', '10/', '1/2/s', '-1/s', Number.NaN, Number.POSITIVE_INFINITY])(
    'is refused for %p',
    (rate) => {
      expect(() => parseRate(rate)).toThrow(RangeError);
    },
  );
});
