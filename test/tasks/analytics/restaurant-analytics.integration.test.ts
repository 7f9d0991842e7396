import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OrderStatus } from '../../../workers/platform/order.ts';
import type { OrderHistory } from '../../../workers/state/records/order-history.ts';
import type { Restaurant } from '../../../workers/state/records/restaurants.ts';
import type { Stores } from '../../../workers/state/records/stores.ts';
import { figuresOf } from '../../../workers/tasks/analytics/daily-figures.ts';
import { calculateRestaurantAnalytics } from '../../../workers/tasks/analytics/restaurant-analytics.ts';
import { platformError } from '../../state/error-code.ts';
import { sampleOrder, sampleRestaurant } from '../../state/samples.ts';
import { openTestState, type TestState } from '../open-stores.ts';

let opened: TestState;
let stores: Stores;
let restaurant: Restaurant;
beforeAll(async () => {
  opened = await openTestState();
  stores = opened.state.stores;
});
afterAll(() => opened.close());
beforeEach(async () => {
  restaurant = sampleRestaurant();
  await stores.restaurants.save(restaurant);
});

const delivered: readonly OrderStatus[] = ['paid', 'confirmed', 'driver_assigned', 'picked_up', 'delivered'];

async function place(
  placedAt: string,
  path: readonly OrderStatus[] = ['paid'],
  cents = 1_000,
): Promise<string> {
  const { restaurantId } = restaurant;
  const order = sampleOrder({ restaurantId, placedAt, total: { amountMinor: cents, currency: 'EUR' } });
  await stores.orders.record(order);
  for (const status of path) await stores.orders.transition(order.orderId, status);
  return order.orderId;
}

/** Runs the task as if it were that moment. */
const calculateAt = (
  now: string,
  given: Pick<Stores, 'analytics' | 'orderHistory' | 'restaurants'> = stores,
) => calculateRestaurantAnalytics({ stores: given, now: () => new Date(now) }, restaurant.restaurantId);

describe('the analytics of a restaurant', () => {
  it('are those of its last day that is over, by its own clocks', async () => {
    await place('2026-11-22T22:59:00.000Z');
    await place('2026-11-22T23:00:00.000Z', ['paid'], 1_500);
    await place('2026-11-23T17:10:00.000Z', delivered, 2_500);
    await place('2026-11-23T17:40:00.000Z', ['payment_declined']);
    await place('2026-11-23T23:00:00.000Z');
    const result = await calculateAt('2026-11-24T00:30:00Z');
    expect(result).toMatchObject({
      restaurantId: restaurant.restaurantId,
      date: '2026-11-23',
      timeZone: 'Europe/Berlin',
      orders: 3,
      sold: 2,
      delivered: 1,
      cancelled: 1,
      items: 4,
      sales: [{ currency: 'EUR', orders: 2, amountMinor: 4_000, averageBasketMinor: 2_000 }],
      peakHours: [
        { hour: 0, orders: 1 },
        { hour: 18, orders: 1 },
      ],
      corrected: ['2026-11-22'],
    });
  });

  it('end at another moment on the other side of the world', async () => {
    restaurant = sampleRestaurant({ timeZone: 'America/Los_Angeles' });
    await stores.restaurants.save(restaurant);
    await place('2026-11-23T07:59:00.000Z');
    await place('2026-11-23T08:00:00.000Z');
    const { date, orders } = await calculateAt('2026-11-24T00:30:00Z');
    expect({ date, orders }).toEqual({ date: '2026-11-22', orders: 1 });
  });

  it('are the same when the task runs again', async () => {
    await place('2026-11-23T12:00:00.000Z', delivered);
    const first = await calculateAt('2026-11-24T00:30:00Z');
    expect(await calculateAt('2026-11-24T05:00:00Z')).toEqual(first);
    const [kept] = await stores.analytics.find(restaurant.restaurantId, ['2026-11-23']);
    expect(kept).toMatchObject({ orders: 1, delivered: 1 });
  });

  it('are compared with the same weekday of last week', async () => {
    await place('2026-11-16T12:00:00.000Z', ['paid'], 1_000);
    await place('2026-11-16T12:00:00.000Z', ['paid'], 1_000);
    await calculateAt('2026-11-17T00:30:00Z');
    await place('2026-11-23T12:00:00.000Z', ['paid'], 2_500);
    const { comparedWithLastWeek } = await calculateAt('2026-11-24T00:30:00Z');
    expect(comparedWithLastWeek).toEqual({ orders: -0.5, sales: [{ currency: 'EUR', amount: 0.25 }] });
  });

  it('of earlier days are corrected when their orders come or change late', async () => {
    const slow = await place('2026-11-23T22:50:00.000Z', ['paid', 'confirmed']);
    await place('2026-11-10T12:00:00.000Z');
    await calculateAt('2026-11-24T00:30:00Z');
    await place('2026-11-10T18:00:00.000Z', ['paid'], 700);
    for (const status of ['driver_assigned', 'picked_up', 'delivered'] as const) {
      await stores.orders.transition(slow, status);
    }
    const { corrected } = await calculateAt('2026-11-25T00:30:00Z');
    expect(corrected).toEqual(['2026-11-10', '2026-11-23']);
    const [tenth, last] = await stores.analytics.find(restaurant.restaurantId, ['2026-11-10', '2026-11-23']);
    expect(tenth).toMatchObject({ orders: 2, sales: [{ amountMinor: 1_700 }] });
    expect(last).toMatchObject({ orders: 1, delivered: 1 });
    expect((await calculateAt('2026-11-25T01:00:00Z')).corrected).toEqual([]);
  });

  it('read the orders of the day and of corrected days, not the history', async () => {
    for (let day = 1; day <= 20; day++) await place(`2026-10-${String(day).padStart(2, '0')}T12:00:00.000Z`);
    await calculateAt('2026-10-25T00:30:00Z');
    for (let i = 0; i < 3; i++) await place('2026-10-25T12:00:00.000Z');
    await place('2026-10-05T13:00:00.000Z');
    let read = 0;
    const orderHistory: OrderHistory = {
      changesOf: (id) => stores.orderHistory.changesOf(id),
      settle: (id, quarters) => stores.orderHistory.settle(id, quarters),
      async figuresBetween(...asked) {
        const figures = await stores.orderHistory.figuresBetween(...asked);
        read += figures.orders;
        return figures;
      },
    };
    await calculateAt('2026-10-26T00:30:00Z', { ...stores, orderHistory });
    expect(read).toBe(3 + 2);
  });

  it('are corrected by the next run where one broke off before it was done', async () => {
    await place('2026-11-23T12:00:00.000Z');
    const analytics = { ...stores.analytics, save: () => Promise.reject(new Error('the process ended')) };
    await expect(calculateAt('2026-11-24T00:30:00Z', { ...stores, analytics })).rejects.toThrow(
      'the process ended',
    );
    await calculateAt('2026-11-25T00:30:00Z');
    const [kept] = await stores.analytics.find(restaurant.restaurantId, ['2026-11-23']);
    expect(kept?.orders).toBe(1);
  });

  it('of a restaurant that does not exist are an error that names it', async () => {
    const deps = { stores, now: () => new Date() };
    const error = await platformError(calculateRestaurantAnalytics(deps, 'nowhere'));
    expect([error.code, error.message]).toEqual(['RESTAURANT_UNKNOWN', 'There is no restaurant nowhere.']);
  });
});

describe('the figures of a range of days', () => {
  const at = new Date('2026-11-24T12:00:00Z');
  const days = ['2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25'];
  const read = async () => {
    const figures: (readonly [string, number])[] = [];
    for await (const { date, sold } of figuresOf(stores, restaurant, days, at)) figures.push([date, sold]);
    return figures;
  };

  it('are there whether or not the days were calculated, today as far as it is', async () => {
    await place('2026-11-22T12:00:00.000Z');
    await place('2026-11-24T10:00:00.000Z');
    const expected = [
      ['2026-11-22', 1],
      ['2026-11-23', 0],
      ['2026-11-24', 1],
    ];
    expect(await read()).toEqual(expected);
    expect(await read()).toEqual(expected);
  });

  it('keep up with orders that change', async () => {
    await place('2026-11-22T12:00:00.000Z');
    await read();
    await place('2026-11-22T13:00:00.000Z');
    await place('2026-11-24T10:00:00.000Z');
    expect((await read()).map(([, sold]) => sold)).toEqual([2, 0, 1]);
    const [today] = await stores.analytics.find(restaurant.restaurantId, ['2026-11-24']);
    expect(today).toBeUndefined();
  });
});
