import { describe, expect, it } from '@jest/globals';
import { distanceKm } from '../../../workers/tasks/recommendations/distance.ts';
import { freshness, recencyWeight } from '../../../workers/tasks/recommendations/recency.ts';

describe('the distance of two points', () => {
  it.each([
    ['Berlin to Munich', [52.52, 13.405], [48.137, 11.575], 504],
    ['across the date line', [0, 179.5], [0, -179.5], 111],
    ['to itself', [52.52, 13.405], [52.52, 13.405], 0],
    ['to the other side of the earth', [0, 0], [0, 180], 20_015],
  ] as const)('is right: %s', (_, [latitude, longitude], [toLatitude, toLongitude], km) => {
    expect(distanceKm({ latitude, longitude }, { latitude: toLatitude, longitude: toLongitude })).toBeCloseTo(
      km,
      -1,
    );
  });
});

describe('the weight of a moment', () => {
  const at = (days: number) => new Date(Date.UTC(2026, 10, 30) - days * 86_400_000);

  it('halves every ninety days back, whenever one looks', () => {
    expect(recencyWeight(at(0)) / recencyWeight(at(90))).toBeCloseTo(2, 9);
    expect(recencyWeight(at(900)) / recencyWeight(at(990))).toBeCloseTo(2, 9);
    expect(freshness(at(180), at(0))).toBeCloseTo(0.25, 9);
  });

  it('is finite for centuries, and never more than 1 compared with now', () => {
    expect(Number.isFinite(recencyWeight(new Date('2226-01-01')))).toBe(true);
    expect(freshness(at(-5), at(0))).toBe(1);
  });
});
