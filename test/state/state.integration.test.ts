import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { redisKeys } from '../../workers/platform/redis-keys.ts';
import { openState, type State } from '../../workers/state/state.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { errorCode } from './error-code.ts';
import { recordedLog } from './recorded-log.ts';
import {
  sampleFigures,
  sampleMenuItem,
  sampleOrder,
  sampleRestaurant,
  sampleStatus,
  sampleUser,
} from './samples.ts';

let server: TestRedis;
let redis: Redis;
let state: State;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  redis.on('error', () => {});
  state = await openState(
    { REDIS_HOST: '127.0.0.1', REDIS_PORT: server.port, REDIS_PASSWORD: undefined },
    recordedLog(),
  );
});

afterAll(async () => {
  await state.close();
  redis.disconnect();
  await server.remove();
});

/** So slow that its key outlives the test. */
const oneInFiveMinutes = { perMinute: 0.2, burst: 1 };

/** Does everything that leaves a key behind. */
async function exerciseEverything(): Promise<void> {
  const { token } = await state.sessions.create('u1', { role: 'customer' });
  await state.sessions.create('u1', { role: 'customer' });
  await state.sessions.revoke(token);
  await state.rateLimiter.take('192.0.2.1', oneInFiveMinutes);
  await state.rateLimiter.take('2001:db8::1', oneInFiveMinutes);
  const dish = { schema: z.string(), load: async () => 'soup' };
  await state.cache.read('restaurantCache', { id: 'r1' }, dish);
  await state.cache.read('menuCache', { restaurantId: 'r1' }, dish);
  await state.cache.read(
    'menuCache',
    { restaurantId: 'r2' },
    {
      schema: z.string(),
      load: async () => undefined,
      missingTtlSeconds: 5,
    },
  );
  // Two reads that end before their loader does leave the lease behind.
  const slow = state.cache.read(
    'menuCache',
    { restaurantId: 'slow' },
    { schema: z.string(), load: () => held },
  );
  await eventually(async () => expect(await redis.exists('cache-lock:cache:menu:slow')).toBe(1));
  void slow;
  await state.orderStatus.set(sampleStatus({ orderId: 'o1' }));
  await state.orderStatus.set(sampleStatus({ orderId: 'o1', sequence: 2 }));
  await state.ledger.published('q', 'm1');
  await state.ledger.received('q', 'm2');
  await state.ledger.settled('q', 'm1', 'dead');
  await state.ledger.reopened('q', 'm1');
  const order = sampleOrder({ orderId: 'o1' });
  await state.orderRequests.claim({ digest: 'abc', order });
  await state.stores.users.create(sampleUser({ email: 'Ann@Example.com' }));
  await state.stores.restaurants.save(sampleRestaurant());
  await state.stores.restaurants.saveMenuItem('r1', sampleMenuItem());
  await state.stores.orders.record(order);
  await state.stores.orders.transition('o1', 'paid');
  await state.stores.payments.record('o1', { outcome: 'paid', chargeId: 'ch_1' });
  await state.stores.notifications.markSent('order_confirmed:o1:email');
  for (const driverId of ['d1', 'd2']) {
    await state.stores.drivers.register({ driverId, name: 'Dan' });
    await state.stores.drivers.report(driverId, { latitude: 1, longitude: 1 }, true);
  }
  await state.stores.drivers.claimNearest('o1', { latitude: 1, longitude: 1 }, 5);
  await exerciseTasks();
  await exerciseUpkeep();
}

/** What tasks leave behind: figures, and a model that has learned from one order while another waits. */
async function exerciseTasks(): Promise<void> {
  const { orders, analytics, recommendations } = state.stores;
  for (const orderId of ['learned', 'waiting']) {
    await orders.record(sampleOrder({ orderId }));
    for (const status of ['paid', 'confirmed', 'driver_assigned', 'picked_up', 'delivered'] as const) {
      await orders.transition(orderId, status);
    }
  }
  await recommendations.learn({
    orderId: 'learned',
    userId: 'user-ann',
    restaurantId: 'roma',
    revision: 0,
    tastes: [{ dish: 'roma/pizza', times: 1, lastOrderedAt: new Date() }],
    weights: [{ dish: 'roma/pizza', weight: 1 }],
    pairs: [{ dishes: ['roma/pizza', 'roma/soup'], weight: 1 }],
  });
  await analytics.save(sampleFigures());
  const counts = { restaurants: 1, orders: 1, sold: 1, delivered: 1, cancelled: 0, items: 1 };
  await analytics.saveSummary({ date: '2026-11-23', ...counts, sales: [] });
}

/** What the schedule and the tasks that look after customers leave behind. */
async function exerciseUpkeep(): Promise<void> {
  const now = new Date();
  await state.stores.carts.save('user-ann', {
    restaurantId: 'roma',
    items: [{ menuItemId: 'pizza', quantity: 1 }],
    updatedAt: now.toISOString(),
    expiresAt: now.toISOString(),
  });
  await state.stores.reminders.unsubscribe('user-bob');
  await state.files.keep('reports/roma/a.pdf', Buffer.from('pdf'));
  await state.scheduleRuns.ran('nightly', now);
  await state.scheduleRuns.lock('nightly', 60_000);
}

let letGo: (value: string) => void = () => {};
const held = new Promise<string>((resolve) => {
  letGo = resolve;
});

/** The declared families that a key fits, the one with the most fixed text first. */
function familiesOf(key: string): readonly string[] {
  return Object.entries(redisKeys)
    .filter(([, { pattern }]) => {
      const source = pattern.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.+');
      return new RegExp(`^${source}$`).test(key);
    })
    .sort(([, a], [, b]) => fixedLength(b.pattern) - fixedLength(a.pattern))
    .map(([name]) => name);
}

const fixedLength = (pattern: string) => pattern.replace(/\{\w+\}/g, '').length;

describe('the keys of the state', () => {
  it('fit their declarations, and live as long as these say', async () => {
    await exerciseEverything();
    const keys = await redis.keys('*');
    const seen = new Set<string>();
    for (const key of keys) {
      const [name] = familiesOf(key);
      expect({ key, name }).toEqual({ key, name: expect.any(String) });
      const declared = Object.entries(redisKeys).find(([each]) => each === name)?.[1].ttlSeconds ?? null;
      const ttl = await redis.ttl(key);
      if (declared === null) expect({ key, ttl }).toEqual({ key, ttl: -1 });
      else {
        expect({ key, lives: ttl >= 0 }).toEqual({ key, lives: true });
        expect(ttl).toBeLessThanOrEqual(declared);
      }
      seen.add(name ?? '');
    }
    letGo('soup');
    // The task engine's own keys are seen where it runs.
    const others = Object.keys(redisKeys).filter((name) => name !== 'taskRate');
    expect([...seen].sort()).toEqual(others.sort());
  });
});

describe('the state as a whole', () => {
  it('is ready while Redis answers, fails with one code while it does not, and comes back', async () => {
    await eventually(async () => expect(await state.ready()).toBe(true));
    await state.stores.payments.record('o2', { outcome: 'paid', chargeId: 'ch_2' });
    await server.kill();
    const codes = await Promise.all(
      [
        state.sessions.verify(`u1.${'A'.repeat(43)}`),
        state.sessions.create('u1', { role: 'customer' }),
        state.sessions.countActive(),
        state.rateLimiter.take('192.0.2.1', { perMinute: 1, burst: 1 }),
        state.cache.invalidate('menuCache', { restaurantId: 'r1' }),
        state.orderStatus.get('o1'),
        state.orderStatus.set(sampleStatus()),
        state.orderStatus.watch('o1', () => {}),
        state.orderRequests.find('o1'),
        state.ledger.received('q', 'm1'),
        state.ledger.accounts(),
        state.stores.users.find('u1'),
        state.stores.restaurants.list(),
        state.stores.orders.transition('o1', 'confirmed'),
        state.stores.orders.ofUser('u1', 10),
        state.stores.payments.record('o1', { outcome: 'paid', chargeId: 'x' }),
        state.stores.notifications.markSent('n1'),
        state.stores.drivers.claimNearest('o9', { latitude: 1, longitude: 1 }, 5),
        state.stores.drivers.countOnDuty(),
      ].map(errorCode),
    );
    expect(new Set(codes)).toEqual(new Set(['STATE_UNAVAILABLE']));
    expect(await state.ready()).toBe(false);
    await server.start();
    await eventually(async () => expect(await state.ready()).toBe(true));
    expect(await state.stores.payments.find('o2')).toEqual({ outcome: 'paid', chargeId: 'ch_2' });
  });

  it('leaves no connection behind when it is closed', async () => {
    const other = await openState({ REDIS_URL: server.url }, recordedLog());
    await other.orderStatus.watch('o1', () => {});
    const named = async () => String(await redis.client('LIST')).match(/name=smarteats/g)?.length ?? 0;
    const before = await eventually(named);
    await other.close();
    await eventually(async () => expect(await named()).toBe(before - 2));
    expect(await errorCode(other.sessions.countActive())).toBe('STATE_UNAVAILABLE');
  });
});
