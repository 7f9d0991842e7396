import { describe, expect, it } from '@jest/globals';
import { DeliveryZones } from '../../../workers/services/delivery/zones.ts';
import { createMetrics } from '../../../workers/telemetry/metrics.ts';

describe('the zones of deliveries', () => {
  const zonesOf = async (metrics: ReturnType<typeof createMetrics>) =>
    [...(await metrics.scrape()).body.matchAll(/^deliveries_by_zone_total\{zone="(\w+)".*\} (\d+)$/gm)].map(
      ([, zone, count]) => [zone, Number(count)],
    );

  it('are cells of the map: neighbours share one', async () => {
    const metrics = createMetrics('delivery-service');
    const zones = new DeliveryZones(metrics);
    zones.delivered({ latitude: 52.5292, longitude: 13.4046 });
    zones.delivered({ latitude: 52.5293, longitude: 13.4047 });
    zones.delivered({ latitude: 48.137, longitude: 11.575 });
    expect(await zonesOf(metrics)).toEqual([
      ['u33dc4', 2],
      ['u281z7', 1],
    ]);
  });

  it('are no more than two hundred, however wide the map becomes', async () => {
    const metrics = createMetrics('delivery-service');
    const zones = new DeliveryZones(metrics);
    for (let step = 0; step < 300; step += 1) zones.delivered({ latitude: 0, longitude: step / 2 });
    const counted = await zonesOf(metrics);
    expect(counted).toHaveLength(201);
    expect(counted.find(([zone]) => zone === 'other')).toEqual(['other', 100]);
    // A cell that was known before still counts for itself.
    zones.delivered({ latitude: 0, longitude: 0 });
    expect((await zonesOf(metrics))[0]?.[1]).toBe(2);
  });
});
