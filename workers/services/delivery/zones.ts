import geohash from 'ngeohash';
import type { Location } from '../../platform/order.ts';
import type { Metrics } from '../../telemetry/metrics.ts';

/** Characters of a cell's geohash: about 1.2 km by 0.6 km. */
const precision = 6;

/** Cells that one process tells apart; a label must not grow with the map. */
const mostZones = 200;

/** Counts deliveries by the cell of the map that they went to. */
export class DeliveryZones {
  readonly #metrics: Pick<Metrics, 'count'>;
  readonly #known = new Set<string>();

  constructor(metrics: Pick<Metrics, 'count'>) {
    this.#metrics = metrics;
  }

  delivered({ latitude, longitude }: Location): void {
    const cell = geohash.encode(latitude, longitude, precision);
    if (this.#known.size < mostZones) this.#known.add(cell);
    this.#metrics.count('deliveries_by_zone_total', { zone: this.#known.has(cell) ? cell : 'other' });
  }
}
