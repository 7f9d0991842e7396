const alphabet = '0123456789bcdefghjkmnpqrstuvwxyz';

/** A cell of the map, in degrees. */
export interface Cell {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** The cell that a geohash names: each character halves longitude and latitude by turns, five times. */
export function cellOf(hash: string): Cell {
  let [west, east, south, north] = [-180, 180, -90, 90];
  let isLongitude = true;
  for (const character of hash) {
    const value = alphabet.indexOf(character);
    for (let bit = 16; bit > 0; bit >>= 1) {
      const isUpper = (value & bit) !== 0;
      if (isLongitude) {
        const middle = (west + east) / 2;
        if (isUpper) west = middle;
        else east = middle;
      } else {
        const middle = (south + north) / 2;
        if (isUpper) south = middle;
        else north = middle;
      }
      isLongitude = !isLongitude;
    }
  }
  return { west, south, east, north };
}
