import { describe, expect, it } from '@jest/globals';
import ngeohash from 'ngeohash';
import { cellOf } from '../../../local/dashboards-page/browser/geohash.ts';

describe('the cell of a geohash', () => {
  it('is the whole world for none, and a quarter of it and less with each character', () => {
    expect(cellOf('')).toEqual({ west: -180, east: 180, south: -90, north: 90 });
    expect(cellOf('u')).toEqual({ west: 0, east: 45, south: 45, north: 90 });
  });

  it.each([
    ['Berlin', 52.52, 13.405],
    ['Buenos Aires', -34.6, -58.38],
    ['Suva, near the date line', -18.14, 178.44],
  ])('of %s is the one that the delivery service counts in', (_, latitude, longitude) => {
    const hash = ngeohash.encode(latitude, longitude, 6);
    const [south, west, north, east] = ngeohash.decode_bbox(hash);
    const cell = cellOf(hash);
    expect(cell.south).toBeCloseTo(south, 9);
    expect(cell.west).toBeCloseTo(west, 9);
    expect(cell.north).toBeCloseTo(north, 9);
    expect(cell.east).toBeCloseTo(east, 9);
  });
});
