import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnalyticsStore, DailySummary } from '../../../workers/state/records/analytics.ts';
import { sampleFigures } from '../samples.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

export function describeAnalyticsStore(open: OpenStores): void {
  describe('the figures in a store', () => {
    let opened: OpenedStores;
    let analytics: AnalyticsStore;
    beforeEach(async () => {
      opened = await open();
      analytics = opened.stores.analytics;
    });
    afterEach(() => opened.close());

    it('of a day are kept as they are, each restaurant and day for itself', async () => {
      const monday = sampleFigures({ date: '2026-11-23' });
      const tuesday = sampleFigures({ date: '2026-11-24', sold: 7 });
      const other = sampleFigures({ restaurantId: 'elsewhere', date: '2026-11-23' });
      for (const each of [monday, tuesday, other]) expect(await analytics.save(each)).toBe(true);
      const found = await opened.elsewhere.analytics.find(monday.restaurantId, [
        '2026-11-24',
        '2026-11-25',
        '2026-11-23',
      ]);
      expect(found).toEqual([tuesday, monday]);
      expect(await analytics.find('elsewhere', ['2026-11-23'])).toEqual([other]);
      expect(await analytics.find('nobody', ['2026-11-23'])).toEqual([]);
      expect(await analytics.find('elsewhere', [])).toEqual([]);
    });

    it('of a day are replaced by later ones, and by the same again, never by earlier ones', async () => {
      const early = sampleFigures({ revision: 9, orders: 1 });
      const late = sampleFigures({ revision: 10, orders: 2 });
      expect(await analytics.save(early)).toBe(true);
      expect(await analytics.save(late)).toBe(true);
      expect(await analytics.save(late)).toBe(true);
      expect(await analytics.save(early)).toBe(false);
      expect(await analytics.find(late.restaurantId, [late.date])).toEqual([late]);
    });

    it('of all restaurants together are kept by day', async () => {
      const summary: DailySummary = {
        date: '2026-11-23',
        restaurants: 3,
        orders: 12,
        sold: 11,
        delivered: 10,
        cancelled: 1,
        items: 20,
        sales: [{ currency: 'EUR', orders: 11, amountMinor: 25_000_000_000 }],
      };
      expect(await analytics.findSummary(summary.date)).toBeUndefined();
      await analytics.saveSummary({ ...summary, orders: 1 });
      await analytics.saveSummary(summary);
      expect(await opened.elsewhere.analytics.findSummary(summary.date)).toEqual(summary);
    });
  });
}
