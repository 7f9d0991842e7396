import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PlacedOrder } from '../../../workers/platform/order.ts';
import { learnFromDelivered } from '../../../workers/tasks/recommendations/learn.ts';
import { recommend } from '../../../workers/tasks/recommendations/recommend.ts';
import { sampleUser } from '../../state/samples.ts';
import { openTestState, type TestState } from '../open-stores.ts';
import { type GeneratedTown, generateTown } from './generated-town.ts';

const now = new Date('2026-11-30T12:00:00Z');

let opened: TestState;
let town: GeneratedTown;
beforeAll(async () => {
  opened = await openTestState();
  town = generateTown(240, 7);
  const { stores } = opened.state;
  for (const [restaurant, menu] of town.restaurants) {
    await stores.restaurants.save(restaurant);
    for (const item of menu) await stores.restaurants.saveMenuItem(restaurant.restaurantId, item);
  }
  const live = async ({ userId, orders }: GeneratedTown['users'][number]) => {
    await stores.users.create(sampleUser({ userId }));
    for (const order of orders) {
      await stores.orders.record(order);
      for (const status of ['paid', 'confirmed', 'driver_assigned', 'picked_up', 'delivered'] as const) {
        await stores.orders.transition(order.orderId, status);
      }
    }
  };
  // A few at once: all of them would keep Redis busy beyond the time that a command may take.
  const waiting = town.users.values();
  const some = Array.from({ length: 40 }, async () => {
    for (const user of waiting) await live(user);
  });
  await Promise.all(some);
  let learned = -1;
  while (learned !== 0) learned = await learnFromDelivered(stores, 500);
}, 300_000);
afterAll(() => opened.close());

const dishesOf = ({ restaurantId, items }: PlacedOrder) =>
  items.map(({ menuItemId }) => `${restaurantId}/${menuItemId}`);

/** The share of users whose next dish is among the ten that are recommended. */
async function hitRate(recommended: (user: GeneratedTown['users'][number]) => Promise<readonly string[]>) {
  // One after the other, for the same reason.
  const hits: boolean[] = [];
  for (const user of town.users) hits.push((await recommended(user)).includes(user.next));
  return hits.filter(Boolean).length / hits.length;
}

describe('the recommendations, measured on a town whose users have tastes', () => {
  it('hit the next dish of a user more often than the most popular dishes do', async () => {
    const counts = new Map<string, number>();
    for (const dish of town.users.flatMap(({ orders }) => orders).flatMap(dishesOf)) {
      counts.set(dish, (counts.get(dish) ?? 0) + 1);
    }
    const mostOrdered = [...counts].sort(([, a], [, b]) => b - a).map(([dish]) => dish);
    const popularity = await hitRate(async ({ orders }) => {
      const had = new Set(orders.flatMap(dishesOf));
      return mostOrdered.filter((dish) => !had.has(dish)).slice(0, 10);
    });
    const ours = await hitRate(async ({ userId }) => {
      const { items } = await recommend({ stores: opened.state.stores, now: () => now }, userId);
      expect(items).toHaveLength(10);
      return items.map(({ restaurantId, menuItemId }) => `${restaurantId}/${menuItemId}`);
    });
    process.stdout.write(
      `hit rate at 10: recommendations ${ours.toFixed(3)}, popularity ${popularity.toFixed(3)}\n`,
    );
    expect(popularity).toBeGreaterThan(0.05);
    expect(ours).toBeGreaterThan(1.3 * popularity);
  });
});
