import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { orderStatuses } from '../../../workers/platform/order.ts';
import type { OrderRecord } from '../../../workers/state/records/orders.ts';
import { sampleOrder } from '../samples.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

const idsOf = (orders: readonly OrderRecord[]) => orders.map(({ orderId }) => orderId);

/** Orders placed a minute apart, `o0` first. */
const minutesApart = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    sampleOrder({ orderId: `o${i}`, placedAt: `2026-11-23T12:0${i}:00.000Z` }),
  );

export function describeOrderQueries(open: OpenStores): void {
  describe('the orders of a store', () => {
    let opened: OpenedStores;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('of a user come newest first, as many as asked for', async () => {
      const { orders } = opened.stores;
      for (const order of minutesApart(5).reverse()) await orders.record(order);
      await orders.record(sampleOrder({ userId: 'somebody-else' }));
      expect(idsOf(await orders.ofUser('user-ann', 3))).toEqual(['o4', 'o3', 'o2']);
      expect(idsOf(await opened.elsewhere.orders.ofUser('user-ann', 100))).toEqual([
        'o4',
        'o3',
        'o2',
        'o1',
        'o0',
      ]);
      expect(await orders.ofUser('user-ann', 0)).toEqual([]);
      expect(await orders.ofUser('nobody', 10)).toEqual([]);
    });

    it('of a restaurant come oldest first, in one status only', async () => {
      const { orders } = opened.stores;
      for (const order of minutesApart(5).reverse()) await orders.record(order);
      await orders.record(sampleOrder({ restaurantId: 'elsewhere' }));
      // The later order is paid first: the time of placing decides, not that of paying.
      for (const orderId of ['o3', 'o1', 'o4']) await orders.transition(orderId, 'paid');
      expect(idsOf(await orders.ofRestaurant('restaurant-roma', 'paid', 2))).toEqual(['o1', 'o3']);
      expect(idsOf(await orders.ofRestaurant('restaurant-roma', 'paid', 100))).toEqual(['o1', 'o3', 'o4']);
      expect(idsOf(await orders.ofRestaurant('restaurant-roma', 'created', 100))).toEqual(['o0', 'o2']);
      expect(await orders.ofRestaurant('restaurant-roma', 'delivered', 100)).toEqual([]);
      expect(await orders.ofRestaurant('restaurant-roma', 'paid', 0)).toEqual([]);
    });

    it('of a day are counted by restaurant, the one with most of them first', async () => {
      const { orders } = opened.stores;
      for (const order of minutesApart(3)) await orders.record(order);
      await orders.record(sampleOrder({ orderId: 'o0', placedAt: '2026-11-23T12:00:00.000Z' }));
      const placed = (orderId: string, restaurantId: string, placedAt: string) =>
        orders.record(sampleOrder({ orderId, restaurantId, placedAt }));
      await placed('p1', 'elsewhere', '2026-11-23T23:59:59.000Z');
      await placed('p2', 'nowhere', '2026-11-24T00:00:00.000Z');
      const day = new Date('2026-11-23T08:00:00.000Z');
      expect(await opened.elsewhere.orders.mostOrdered(day, 10)).toEqual([
        { restaurantId: 'restaurant-roma', orders: 3 },
        { restaurantId: 'elsewhere', orders: 1 },
      ]);
      expect(await orders.mostOrdered(day, 1)).toHaveLength(1);
      expect(await orders.mostOrdered(day, 0)).toEqual([]);
      expect(await orders.mostOrdered(new Date('2026-11-22T00:00:00.000Z'), 10)).toEqual([]);
    });

    it('are counted by status, every status included', async () => {
      const { orders } = opened.stores;
      const none = Object.fromEntries(orderStatuses.map((status) => [status, 0]));
      expect(await orders.countByStatus()).toEqual(none);
      for (const order of minutesApart(4)) await orders.record(order);
      await orders.transition('o0', 'paid');
      await orders.transition('o0', 'confirmed');
      await orders.transition('o1', 'payment_declined');
      expect(await opened.elsewhere.orders.countByStatus()).toEqual({
        ...none,
        created: 2,
        confirmed: 1,
        payment_declined: 1,
      });
    });

    it('are listed in the status they have while they move on', async () => {
      const { orders } = opened.stores;
      const placed = Array.from({ length: 40 }, () => sampleOrder());
      await Promise.all(placed.map((order) => orders.record(order)));
      const moves = placed.map(({ orderId }) => opened.elsewhere.orders.transition(orderId, 'paid'));
      for (let i = 0; i < 10; i++) {
        const listed = await orders.ofRestaurant('restaurant-roma', 'created', 100);
        expect(listed.every(({ status }) => status === 'created')).toBe(true);
      }
      await Promise.all(moves);
      expect(await orders.ofRestaurant('restaurant-roma', 'created', 100)).toEqual([]);
      expect(await orders.ofRestaurant('restaurant-roma', 'paid', 100)).toHaveLength(40);
    });
  });
}
