import type { Location } from '../../../platform/order.ts';

const earthRadiusKm = 6_371;

/** The band of latitudes within a radius of a point, in degrees. */
export interface Box {
  readonly south: number;
  readonly north: number;
}

export function boxAround({ latitude }: Location, radiusKm: number): Box {
  const degrees = radians(1) ** -1 * (radiusKm / earthRadiusKm);
  return { south: latitude - degrees, north: latitude + degrees };
}

/** The distance of two points along the surface of the earth, taken as a sphere (haversine formula). */
export function distanceKm(a: Location, b: Location): number {
  const [latitudes, longitudes] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const chord =
    Math.sin(latitudes / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(longitudes / 2) ** 2;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
