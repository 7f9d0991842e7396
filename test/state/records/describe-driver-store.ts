import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Location } from '../../../workers/platform/order.ts';
import type { DriverStore } from '../../../workers/state/records/drivers.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

const center: Location = { latitude: 52.52, longitude: 13.405 };
/** A point so many kilometres north of the center (one degree of latitude is about 111 km). */
const north = (km: number): Location => ({ ...center, latitude: center.latitude + km / 111.2 });

export function describeDriverStore(open: OpenStores): void {
  describe('the driver store', () => {
    let opened: OpenedStores;
    let drivers: DriverStore;
    beforeEach(async () => {
      opened = await open();
      drivers = opened.stores.drivers;
    });
    afterEach(() => opened.close());

    async function onDuty(driverId: string, at: Location): Promise<void> {
      await drivers.register({ driverId, name: `Driver ${driverId}` });
      await drivers.report(driverId, at, true);
    }

    it('registers a driver off duty and leaves an existing one as it is', async () => {
      await drivers.register({ driverId: 'd1', name: 'Ann' });
      await drivers.report('d1', center, true);
      await drivers.register({ driverId: 'd1', name: 'Other' });
      expect(await opened.elsewhere.drivers.find('d1')).toEqual({
        driverId: 'd1',
        name: 'Ann',
        state: 'free',
        location: center,
      });
      await drivers.register({ driverId: 'd2', name: 'Bob' });
      expect(await drivers.find('d2')).toEqual({ driverId: 'd2', name: 'Bob', state: 'off' });
      expect(await drivers.find('nobody')).toBeUndefined();
    });

    it('does not take reports of a driver it does not know', async () => {
      expect(await drivers.report('nobody', center, true)).toBeUndefined();
      expect(await drivers.find('nobody')).toBeUndefined();
      expect((await drivers.countOnDuty()).free).toBe(0);
    });

    it('counts the drivers that are free, which those off duty are not', async () => {
      await onDuty('d1', center);
      await onDuty('d2', center);
      expect((await drivers.countOnDuty()).free).toBe(2);
      expect(await drivers.report('d2', north(1), false)).toMatchObject({ state: 'off', location: north(1) });
      expect((await opened.elsewhere.drivers.countOnDuty()).free).toBe(1);
      expect((await drivers.claimNearest('o1', north(1), 5))?.driverId).toBe('d1');
      expect(await drivers.claimNearest('o2', north(1), 5)).toBeUndefined();
    });

    it('claims the nearest free driver, at its last location, within the radius only', async () => {
      await onDuty('far', north(8));
      await onDuty('near', north(20));
      await drivers.report('near', north(2), true);
      expect(await drivers.claimNearest('o1', center, 1)).toBeUndefined();
      expect(await drivers.ofOrder('o1')).toBeUndefined();
      expect(await drivers.claimNearest('o1', center, 10)).toEqual({
        driverId: 'near',
        name: 'Driver near',
        state: 'busy',
        location: north(2),
        orderId: 'o1',
      });
      expect((await drivers.claimNearest('o2', center, 10))?.driverId).toBe('far');
      expect(await drivers.claimNearest('o3', center, 10)).toBeUndefined();
      expect(await opened.elsewhere.drivers.ofOrder('o1')).toBe('near');
    });

    it('leaves an order the driver it has, also after a release', async () => {
      await onDuty('d1', center);
      await onDuty('d2', north(1));
      await drivers.claimNearest('o1', center, 10);
      expect((await drivers.claimNearest('o1', north(1), 10))?.driverId).toBe('d1');
      await drivers.release('o1');
      expect((await drivers.claimNearest('o1', north(1), 10))?.driverId).toBe('d1');
      expect((await drivers.countOnDuty()).free).toBe(2);
      expect(await drivers.ofOrder('o1')).toBe('d1');
    });

    it('works at the edges of the map and with tiny coordinates', async () => {
      const edges: Location[] = [
        { latitude: 85.05, longitude: 180 },
        { latitude: -85.05, longitude: -180 },
        { latitude: 0.0000001, longitude: -0.0000001 },
      ];
      for (const [i, at] of edges.entries()) {
        await onDuty(`d${i}`, at);
        expect(await drivers.claimNearest(`o${i}`, at, 1)).toMatchObject({ driverId: `d${i}`, location: at });
      }
    });

    it('keeps a busy driver busy whatever it reports', async () => {
      await onDuty('d1', center);
      await drivers.claimNearest('o1', center, 10);
      const moved = await drivers.report('d1', north(3), true);
      expect(moved).toMatchObject({ state: 'busy', orderId: 'o1', location: north(3) });
      expect(await drivers.report('d1', north(3), false)).toMatchObject({ state: 'busy', orderId: 'o1' });
      await drivers.register({ driverId: 'd1', name: 'Again' });
      expect((await drivers.countOnDuty()).free).toBe(0);
      expect(await drivers.claimNearest('o2', north(3), 100)).toBeUndefined();
    });

    it('frees a driver where it was seen last', async () => {
      await onDuty('d1', center);
      await drivers.claimNearest('o1', center, 10);
      await drivers.report('d1', north(30), true);
      await drivers.release('o1');
      expect(await drivers.find('d1')).toEqual({
        driverId: 'd1',
        name: 'Driver d1',
        state: 'free',
        location: north(30),
      });
      expect(await drivers.claimNearest('o2', center, 10)).toBeUndefined();
      expect((await drivers.claimNearest('o2', north(30), 1))?.driverId).toBe('d1');
    });

    it('sends a driver home who ended its work during the delivery', async () => {
      await onDuty('d1', center);
      await drivers.claimNearest('o1', center, 10);
      await drivers.report('d1', center, false);
      await drivers.release('o1');
      expect(await drivers.find('d1')).toMatchObject({ state: 'off' });
      expect((await drivers.countOnDuty()).free).toBe(0);
    });

    it('does not free a driver again who has the next order by then', async () => {
      await onDuty('d1', center);
      await drivers.claimNearest('o1', center, 10);
      await drivers.release('o1');
      await drivers.release('o1');
      expect((await drivers.countOnDuty()).free).toBe(1);
      await drivers.claimNearest('o2', center, 10);
      await drivers.release('o1');
      expect(await drivers.find('d1')).toMatchObject({ state: 'busy', orderId: 'o2' });
      expect((await drivers.countOnDuty()).free).toBe(0);
    });

    it('does nothing for an order that never had a driver', async () => {
      await onDuty('d1', center);
      await drivers.release('o1');
      expect(await drivers.find('d1')).toMatchObject({ state: 'free' });
    });

    it('gives no driver to two orders when 200 claim 20 drivers at once', async () => {
      for (let i = 0; i < 20; i++) await onDuty(`d${i}`, north(i / 10));
      const claims = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          (i % 2 === 0 ? opened.stores : opened.elsewhere).drivers.claimNearest(`o${i}`, center, 10),
        ),
      );
      const claimed = claims.flatMap((driver) => (driver === undefined ? [] : [driver.driverId]));
      expect(claimed).toHaveLength(20);
      expect(new Set(claimed).size).toBe(20);
      expect((await drivers.countOnDuty()).free).toBe(0);
      for (const [i, driver] of claims.entries()) {
        expect(await drivers.ofOrder(`o${i}`)).toBe(driver?.driverId);
        if (driver)
          expect(await drivers.find(driver.driverId)).toMatchObject({ state: 'busy', orderId: `o${i}` });
      }
    });

    it('gives one order one driver when it is claimed many times at once', async () => {
      for (let i = 0; i < 20; i++) await onDuty(`d${i}`, north(i / 10));
      const claims = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          (i % 2 === 0 ? opened.stores : opened.elsewhere).drivers.claimNearest('o1', center, 10),
        ),
      );
      expect(new Set(claims.map((driver) => driver?.driverId))).toEqual(new Set(['d0']));
      expect((await drivers.countOnDuty()).free).toBe(19);
    });

    it('stays consistent while claims, releases and reports race', async () => {
      for (let i = 0; i < 5; i++) await onDuty(`d${i}`, center);
      const deliveries = Array.from({ length: 40 }, async (_, i) => {
        const store = (i % 2 === 0 ? opened.stores : opened.elsewhere).drivers;
        const driver = await store.claimNearest(`o${i}`, center, 10);
        if (driver === undefined) return;
        await Promise.all([store.report(driver.driverId, north(1), true), store.release(`o${i}`)]);
        await store.release(`o${i}`);
      });
      await Promise.all(deliveries);
      expect((await drivers.countOnDuty()).free).toBe(5);
      for (let i = 0; i < 5; i++) expect(await drivers.find(`d${i}`)).toMatchObject({ state: 'free' });
    });
  });
}
