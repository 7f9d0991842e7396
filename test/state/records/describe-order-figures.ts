import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OrderStatus, PlacedOrder } from '../../../workers/platform/order.ts';
import { OrderFigures } from '../../../workers/state/records/analytics.ts';
import { DayTally } from '../../../workers/state/records/day-tally.ts';
import { localDay } from '../../../workers/state/records/local-day.ts';
import type { OrderRecord } from '../../../workers/state/records/orders.ts';
import { platformError } from '../error-code.ts';
import { sampleOrder } from '../samples.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

const delivered: readonly OrderStatus[] = ['paid', 'confirmed', 'driver_assigned', 'picked_up', 'delivered'];
const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const item = (menuItemId: string, quantity: number, cents: number, currency = 'EUR') => ({
  menuItemId,
  name: menuItemId.toUpperCase(),
  quantity,
  unitPrice: { amountMinor: cents, currency },
});

/** What a store makes of the orders of a day must be what adding them up one by one makes of them. */
export function describeOrderFigures(open: OpenStores): void {
  describe('the figures of orders', () => {
    let opened: OpenedStores;
    let placed: OrderRecord[];
    beforeEach(async () => {
      opened = await open();
      placed = [];
    });
    afterEach(() => opened.close());

    /** Places an order, which goes the way of its statuses. */
    const place = async (order: Partial<PlacedOrder>, ...path: readonly OrderStatus[]): Promise<string> => {
      const { orders } = opened.stores;
      let { order: record } = await orders.record(sampleOrder(order));
      for (const status of path) {
        const moved = await orders.transition(record.orderId, status);
        if (moved.result !== 'applied') throw new Error(`${status} was ${moved.result}`);
        record = moved.order;
      }
      placed.push(record);
      return record.orderId;
    };

    /** The figures of a date, held against those of the orders that were placed on it. */
    async function figuresOf(date: string, timeZone = 'Europe/Berlin'): Promise<OrderFigures> {
      const { from, until } = localDay(date, timeZone);
      const tally = new DayTally(timeZone);
      const ofDay = placed.filter(({ placedAt, restaurantId }) => {
        const at = Date.parse(placedAt);
        return restaurantId === 'restaurant-roma' && at >= from.getTime() && at < until.getTime();
      });
      const inOrder = (a: OrderRecord, b: OrderRecord) =>
        Date.parse(a.placedAt) - Date.parse(b.placedAt) || (a.orderId < b.orderId ? -1 : 1);
      for (const order of ofDay.sort(inOrder)) tally.add(order);
      const { orderHistory } = opened.elsewhere;
      const figures = await orderHistory.figuresBetween('restaurant-roma', from, until, timeZone);
      expect(figures).toEqual(tally.figures());
      return OrderFigures.parse(figures);
    }

    const hoursOf = (byHour: readonly number[]) =>
      byHour.flatMap((orders, hour) => (orders > 0 ? [[hour, orders]] : []));

    it('are all zeros without any', async () => {
      expect(await figuresOf('2026-11-23')).toMatchObject({
        orders: 0,
        sold: 0,
        sales: [],
        dishes: [],
        deliveryMinutes: [],
        deliverySeconds: null,
      });
    });

    it('tell orders of every status apart', async () => {
      await place({});
      await place({}, 'payment_declined');
      await place({}, 'paid');
      await place({}, 'paid', 'confirmed', 'driver_assigned', 'picked_up');
      await place({}, ...delivered);
      await place({ restaurantId: 'elsewhere' }, 'paid');
      const figures = await figuresOf('2026-11-23');
      expect(figures).toMatchObject({ orders: 5, sold: 3, delivered: 1, cancelled: 1, items: 6 });
    });

    it('begin with the first moment of the day and end before that of the next', async () => {
      await place({ placedAt: '2026-11-22T22:59:59.999Z' }, 'paid');
      await place({ placedAt: '2026-11-22T23:00:00.000Z' }, 'paid');
      await place({ placedAt: '2026-11-23T22:59:59.999Z' }, 'paid');
      await place({ placedAt: '2026-11-23T23:00:00.000Z' }, 'paid');
      const { soldByHour } = await figuresOf('2026-11-23');
      expect(hoursOf(soldByHour)).toEqual([
        [0, 1],
        [23, 1],
      ]);
    });

    it('add each currency for itself, larger than any one order', async () => {
      for (let i = 0; i < 30; i++) await place({ total: euros(100_000_000) }, 'paid');
      await place(
        { total: { amountMinor: 700, currency: 'CHF' }, items: [item('pizza', 1, 700, 'CHF')] },
        'paid',
      );
      await place({ total: euros(5_000) }, 'payment_declined');
      const { sales, dishes } = await figuresOf('2026-11-23');
      expect(sales.map(({ currency, orders, amountMinor }) => [currency, orders, amountMinor])).toEqual([
        ['CHF', 1, 700],
        ['EUR', 30, 3_000_000_000],
      ]);
      expect(dishes.map(({ currency, quantity }) => [currency, quantity])).toEqual([
        ['EUR', 60],
        ['CHF', 1],
      ]);
    });

    it('put the hour that a clock shows twice together, and know none that it leaves out', async () => {
      for (const at of ['2026-10-24T22:00', '2026-10-25T00:30', '2026-10-25T01:30', '2026-10-25T22:59'])
        await place({ placedAt: `${at}:00.000Z` }, 'paid');
      expect(hoursOf((await figuresOf('2026-10-25')).soldByHour)).toEqual([
        [0, 1],
        [2, 2],
        [23, 1],
      ]);
      for (const at of ['2026-03-29T00:59', '2026-03-29T01:00']) {
        await place({ placedAt: `${at}:00.000Z` }, 'paid');
      }
      expect(hoursOf((await figuresOf('2026-03-29')).soldByHour)).toEqual([
        [1, 1],
        [3, 1],
      ]);
    });

    it('show hours that begin at a quarter of an hour', async () => {
      // Clocks in Kathmandu are 5:45 ahead.
      await place({ placedAt: '2026-11-23T06:14:59.999Z' }, 'paid');
      await place({ placedAt: '2026-11-23T06:15:00.000Z' }, 'paid');
      expect(hoursOf((await figuresOf('2026-11-23', 'Asia/Kathmandu')).soldByHour)).toEqual([
        [11, 1],
        [12, 1],
      ]);
    });

    it('list dishes by what was sold, under the name each had last', async () => {
      const second = { placedAt: '2026-11-23T13:00:00.000Z' };
      await place(
        { ...second, orderId: 'b', items: [{ ...item('pizza', 1, 1_100), name: 'Pizza nuova' }] },
        'paid',
      );
      await place(
        { ...second, orderId: 'a', items: [{ ...item('pizza', 1, 1_100), name: 'Pizza' }] },
        'paid',
      );
      await place({ items: [item('cola', 5, 300), item('pizza', 2, 1_000), item('cola', 1, 300)] }, 'paid');
      await place({ placedAt: '2026-11-23T14:00:00.000Z', items: [item('pizza', 1, 900, 'CHF')] }, 'paid');
      await place(
        { placedAt: '2026-11-23T15:00:00.000Z', items: [item('soup', 9, 500)] },
        'payment_declined',
      );
      const { dishes } = await figuresOf('2026-11-23');
      expect(dishes).toEqual([
        { menuItemId: 'cola', name: 'COLA', quantity: 6, currency: 'EUR', amountMinor: 1_800 },
        { menuItemId: 'pizza', name: 'Pizza nuova', quantity: 4, currency: 'EUR', amountMinor: 4_200 },
        { menuItemId: 'pizza', name: 'PIZZA', quantity: 1, currency: 'CHF', amountMinor: 900 },
      ]);
    });

    it('tell how long deliveries took, and nothing of those that took no time by another clock', async () => {
      const now = Date.now();
      const day = new Date(now - 3_600_000).toISOString().slice(0, 10);
      for (const minutes of [20, 21, 30, 40]) {
        await place({ placedAt: new Date(now - minutes * 60_000).toISOString() }, ...delivered);
      }
      await place({ placedAt: new Date(now + 60_000).toISOString() }, ...delivered);
      const days = [day, new Date(now + 60_000).toISOString().slice(0, 10)];
      const figures = await Promise.all([...new Set(days)].map((date) => figuresOf(date, 'Etc/UTC')));
      const minutes = figures.flatMap(({ deliveryMinutes }) => deliveryMinutes.map(([each]) => each));
      expect(minutes.sort((a, b) => a - b)).toEqual([0, 20, 21, 30, 40]);
    });

    it('follow an order that changes late', async () => {
      const orderId = await place({}, 'paid');
      expect(await figuresOf('2026-11-23')).toMatchObject({ sold: 1, delivered: 0 });
      let last: OrderRecord | undefined;
      for (const status of delivered.slice(1)) {
        const moved = await opened.stores.orders.transition(orderId, status);
        if (moved.result === 'applied') last = moved.order;
      }
      if (last === undefined) throw new Error('the order did not move');
      placed = [last];
      expect(await figuresOf('2026-11-23')).toMatchObject({ sold: 1, delivered: 1 });
    });

    it('are none where the time ends before it begins, and an error where the time zone is none', async () => {
      const { orderHistory } = opened.stores;
      const [early, late] = [new Date('2026-11-23T00:00:00Z'), new Date('2026-11-24T00:00:00Z')];
      await place({}, 'paid');
      expect((await orderHistory.figuresBetween('restaurant-roma', late, early, 'Etc/UTC')).orders).toBe(0);
      const error = await platformError(
        orderHistory.figuresBetween('restaurant-roma', early, late, 'Mars/Olympus'),
      );
      expect(error.code).toBe('RECORD_CORRUPT');
    });
  });
}
