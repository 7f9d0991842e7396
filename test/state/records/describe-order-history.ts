import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OrderHistory } from '../../../workers/state/records/order-history.ts';
import type { OrderStore } from '../../../workers/state/records/orders.ts';
import { sampleOrder } from '../samples.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

const roma = 'restaurant-roma';

/** So many at a time that a busy server answers each in time. */
async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += 50) {
    await Promise.all(items.slice(start, start + 50).map(work));
  }
}

export function describeOrderHistory(open: OpenStores, manyOrders = 1_203): void {
  describe('the history of orders', () => {
    let opened: OpenedStores;
    let orders: OrderStore;
    let history: OrderHistory;
    beforeEach(async () => {
      opened = await open();
      ({ orders, orderHistory: history } = opened.stores);
    });
    afterEach(() => opened.close());

    const placed = async (orderId: string, placedAt: string) => {
      await orders.record(sampleOrder({ orderId, placedAt }));
    };

    it('counts each order once while orders move on, however many pages they fill', async () => {
      const all = Array.from({ length: manyOrders }, (_, i) =>
        sampleOrder({ placedAt: new Date(Date.UTC(2026, 10, 23, 12) + i * 1_000).toISOString() }),
      );
      await inBatches(all, (order) => orders.record(order));
      const moves = inBatches(all, ({ orderId }) => opened.elsewhere.orders.transition(orderId, 'paid'));
      const [from, until] = [new Date('2026-11-23T00:00:00Z'), new Date('2026-11-24T00:00:00Z')];
      expect((await history.figuresBetween(roma, from, until, 'Etc/UTC')).orders).toBe(all.length);
      await moves;
      expect((await history.figuresBetween(roma, from, until, 'Etc/UTC')).sold).toBe(all.length);
    }, 240_000);

    it('notes in which quarter of an hour orders were placed that are new or changed', async () => {
      expect(await history.changesOf(roma)).toEqual({ revision: 0, quarters: [] });
      await placed('a', '2026-11-23T12:14:59.999Z');
      await placed('b', '2026-11-23T12:15:00.000Z');
      await placed('c', '2026-11-23T12:29:00.000Z');
      await orders.transition('a', 'paid');
      const { revision, quarters } = await history.changesOf(roma);
      expect(quarters).toEqual([
        { from: new Date('2026-11-23T12:00:00Z'), revision },
        { from: new Date('2026-11-23T12:15:00Z'), revision: revision - 1 },
      ]);
      expect((await history.changesOf('elsewhere')).quarters).toEqual([]);
    });

    it('notes nothing for what changed nothing', async () => {
      await placed('a', '2026-11-23T12:00:00.000Z');
      await orders.transition('a', 'paid');
      const before = await history.changesOf(roma);
      await history.settle(roma, before.quarters);
      await placed('a', '2026-11-23T12:00:00.000Z');
      expect((await orders.transition('a', 'paid')).result).toBe('already');
      expect((await orders.transition('a', 'delivered')).result).toBe('conflict');
      expect((await orders.transition('unknown', 'paid')).result).toBe('unknown');
      expect(await history.changesOf(roma)).toEqual({ revision: before.revision, quarters: [] });
    });

    it('forgets what was settled, but not what changed since', async () => {
      await placed('a', '2026-11-23T12:00:00.000Z');
      await placed('b', '2026-11-23T13:00:00.000Z');
      const seen = await history.changesOf(roma);
      await opened.elsewhere.orders.transition('a', 'paid');
      await history.settle(roma, seen.quarters);
      const { revision, quarters } = await history.changesOf(roma);
      expect(quarters).toEqual([{ from: new Date('2026-11-23T12:00:00Z'), revision }]);
      await history.settle(roma, quarters);
      await history.settle(roma, seen.quarters);
      expect((await history.changesOf(roma)).quarters).toEqual([]);
    });
  });
}
