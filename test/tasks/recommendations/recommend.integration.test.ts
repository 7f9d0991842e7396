import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Dish } from '../../../workers/state/records/recommendations.ts';
import type { Stores } from '../../../workers/state/records/stores.ts';
import { learnFromDelivered } from '../../../workers/tasks/recommendations/learn.ts';
import { recommend } from '../../../workers/tasks/recommendations/recommend.ts';
import { platformError } from '../../state/error-code.ts';
import { freshId, sampleMenuItem, sampleOrder, sampleRestaurant, sampleUser } from '../../state/samples.ts';
import { openTestState, type TestState } from '../open-stores.ts';

const now = new Date('2026-11-30T12:00:00Z');
const alexanderplatz = { latitude: 52.5219, longitude: 13.4132, address: 'Alexanderplatz 1' };

let opened: TestState;
let redis: Redis;
let stores: Stores;
beforeAll(async () => {
  opened = await openTestState();
  redis = new Redis(opened.redis.url);
  stores = opened.state.stores;
});
afterAll(async () => {
  redis.disconnect();
  await opened.close();
});
beforeEach(async () => {
  await redis.flushall();
  for (const restaurantId of ['roma', 'thai', 'diner']) await open(restaurantId);
  for (const userId of ['ann', 'ben', 'cleo', 'dan']) await stores.users.create(sampleUser({ userId }));
});

async function open(
  restaurantId: string,
  changes: Parameters<typeof sampleRestaurant>[0] = {},
): Promise<void> {
  await stores.restaurants.save(sampleRestaurant({ restaurantId, name: restaurantId, ...changes }));
  for (const menuItemId of ['a', 'b', 'c']) {
    await stores.restaurants.saveMenuItem(
      restaurantId,
      sampleMenuItem({ menuItemId, name: `${restaurantId} ${menuItemId}` }),
    );
  }
}

/** An order of a user that is delivered, of dishes of one restaurant. */
async function eat(
  userId: string,
  dishes: readonly Dish[],
  placedAt = '2026-11-25T12:00:00.000Z',
): Promise<string> {
  const restaurantId = dishes[0]?.split('/')[0] ?? '';
  const items = dishes.map((dish) => ({
    menuItemId: dish.split('/')[1] ?? '',
    name: `the ${dish}`,
    quantity: 1,
    unitPrice: { amountMinor: 900, currency: 'EUR' },
  }));
  const orderId = freshId('order');
  await stores.orders.record(
    sampleOrder({ orderId, userId, restaurantId, items, placedAt, deliverTo: alexanderplatz }),
  );
  for (const status of ['paid', 'confirmed', 'driver_assigned', 'picked_up', 'delivered'] as const) {
    await stores.orders.transition(orderId, status);
  }
  return orderId;
}

const recommendTo = (userId: string) => recommend({ stores, now: () => now }, userId);
const dishesFor = async (userId: string) =>
  (await recommendTo(userId)).items.map(({ restaurantId, menuItemId }) => `${restaurantId}/${menuItemId}`);

describe('recommendations', () => {
  it('are what users with the same taste have ordered, with the reason', async () => {
    await eat('ben', ['roma/a', 'roma/b']);
    await eat('ben', ['thai/c']);
    for (const dish of ['diner/a', 'diner/b'] as const) await eat('cleo', [dish]);
    await eat('ann', ['roma/a']);
    const { items, model, generatedAt } = await recommendTo('ann');
    expect(model).toBe('item-to-item');
    expect(generatedAt).toBe(now.toISOString());
    expect(
      items
        .slice(0, 2)
        .map(({ restaurantId, menuItemId }) => `${restaurantId}/${menuItemId}`)
        .sort(),
    ).toEqual(['roma/b', 'thai/c']);
    expect(items[0]?.reason).toBe('Because you ordered the roma/a');
    expect(items.slice(2).map(({ reason }) => reason)).toEqual(['Popular at diner', 'Popular at diner']);
    const scores = items.map(({ score }) => score);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
  });

  it('are what is popular for a user without orders', async () => {
    for (const userId of ['ann', 'ben', 'cleo']) await eat(userId, ['thai/b']);
    await eat('ann', ['roma/c']);
    const { items, model } = await recommendTo('dan');
    expect(model).toBe('popularity');
    expect(items).toMatchObject([
      { restaurantId: 'thai', menuItemId: 'b', reason: 'Popular at thai' },
      { restaurantId: 'roma', menuItemId: 'c' },
    ]);
  });

  it('are empty while nobody has ordered anything', async () => {
    expect(await recommendTo('dan')).toMatchObject({ items: [], model: 'popularity' });
  });

  it('leave out what the user has had, delivered or not', async () => {
    await eat('ben', ['roma/a', 'roma/b', 'roma/c']);
    await eat('ann', ['roma/a']);
    const items = [
      { menuItemId: 'b', name: 'b', quantity: 1, unitPrice: { amountMinor: 1, currency: 'EUR' } },
    ];
    await stores.orders.record(
      sampleOrder({ userId: 'ann', restaurantId: 'roma', items, deliverTo: alexanderplatz }),
    );
    expect(await dishesFor('ann')).not.toContain('roma/a');
    expect(await dishesFor('ann')).toContain('roma/c');
  });

  it('leave out what is closed, sold out, off the menu or too far away', async () => {
    for (const [restaurantId, changes] of [
      ['closed', { open: false }],
      ['far', { location: { latitude: 48.137, longitude: 11.575, address: 'Marienplatz, München' } }],
    ] as const) {
      await open(restaurantId, changes);
      await eat('ben', [`${restaurantId}/a`]);
    }
    await eat('ben', ['roma/a', 'roma/b', 'roma/c']);
    await eat('ben', ['thai/gone' as Dish]);
    await stores.restaurants.saveMenuItem('roma', sampleMenuItem({ menuItemId: 'b', available: false }));
    await eat('ann', ['roma/a']);
    expect(await dishesFor('ann')).toEqual(['roma/c']);
  });

  it('prefer what was ordered lately', async () => {
    await eat('ben', ['roma/a'], '2025-06-01T12:00:00.000Z');
    await eat('ben', ['thai/a'], '2025-06-01T13:00:00.000Z');
    await eat('cleo', ['roma/a'], '2026-11-20T12:00:00.000Z');
    await eat('cleo', ['diner/a'], '2026-11-20T13:00:00.000Z');
    await eat('ann', ['roma/a']);
    expect((await dishesFor('ann')).slice(0, 2)).toEqual(['diner/a', 'thai/a']);
  });

  it('are not ruled by one guest who orders the same every day', async () => {
    for (let day = 1; day <= 12; day++) {
      await eat('ben', ['roma/a', 'roma/b'], `2026-11-${String(day).padStart(2, '0')}T12:00:00.000Z`);
    }
    for (const userId of ['cleo', 'dan', 'user-4', 'user-5']) {
      await eat(userId, ['roma/a'], '2026-11-12T12:00:00.000Z');
      await eat(userId, ['thai/a'], '2026-11-12T12:00:00.000Z');
    }
    await eat('ann', ['roma/a']);
    expect((await dishesFor('ann'))[0]).toBe('thai/a');
  });

  it('prefer what suits the taste to what everybody orders anyway', async () => {
    for (const userId of ['ben', 'cleo', 'dan']) {
      await eat(userId, ['roma/a']);
      await eat(userId, ['thai/a']);
      await eat(userId, ['diner/a']);
    }
    for (let i = 0; i < 12; i++) await eat(`somebody-${i}`, ['diner/a']);
    await eat('ann', ['roma/a']);
    expect((await dishesFor('ann')).slice(0, 2)).toEqual(['thai/a', 'diner/a']);
  });

  it('learn from each order once, by however many workers at once', async () => {
    for (let i = 0; i < 6; i++) await eat(['ann', 'ben'][i % 2] ?? '', ['roma/a', 'roma/b']);
    const counts = await Promise.all([1, 2, 3, 4].map(() => learnFromDelivered(stores, 100)));
    let total = counts.reduce((sum, count) => sum + count, 0);
    while ((await stores.recommendations.unlearned(1)).length > 0)
      total += await learnFromDelivered(stores, 100);
    expect(total).toBe(6);
    const { tastes } = await stores.recommendations.tasteOf('ann');
    expect(tastes.map(({ times }) => times)).toEqual([3, 3]);
  });

  it('go on where the record of an order is damaged, which nobody tries to learn from again', async () => {
    const damaged = await eat('ben', ['roma/a']);
    await redis.hset(`order:${damaged}`, 'placed', '{"half":');
    await eat('cleo', ['thai/a']);
    expect(await dishesFor('dan')).toEqual(['thai/a']);
    expect(await stores.recommendations.unlearned(10)).toEqual([]);
  });

  it('go on where what is known of another customer is damaged', async () => {
    await eat('ben', ['roma/a']);
    await dishesFor('dan');
    await eat('ben', ['roma/b']);
    await redis.hset('recommendations:taste:ben', 'revision', 'many');
    await eat('cleo', ['thai/a']);
    expect(await dishesFor('dan')).toContain('thai/a');
  });

  it('to a user that does not exist are an error that names it', async () => {
    const error = await platformError(recommendTo('nobody'));
    expect([error.code, error.message]).toEqual(['USER_UNKNOWN', 'There is no user nobody.']);
  });
});
