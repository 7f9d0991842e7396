import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createRedisStores } from '../../../workers/state/records/redis/stores.ts';
import type { Stores } from '../../../workers/state/records/stores.ts';
import { RedisConnection } from '../../../workers/state/redis-connection.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { platformError } from '../error-code.ts';
import { recordedLog } from '../recorded-log.ts';
import { sampleMenuItem, sampleOrder, sampleRestaurant, sampleUser } from '../samples.ts';
import { describeStores } from './describe-stores.ts';

let server: TestRedis;
let redis: Redis;
let connections: RedisConnection[];
let stores: Stores;
let elsewhere: Stores;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  connections = [1, 2].map(() => new RedisConnection({ REDIS_URL: server.url }, recordedLog()));
  const [first, second] = connections.map(createRedisStores);
  if (first === undefined || second === undefined) throw new Error('two connections are needed');
  stores = first;
  elsewhere = second;
});

afterAll(async () => {
  for (const connection of connections) await connection.close();
  redis.disconnect();
  await server.remove();
});

describeStores('the stores in Redis', async () => {
  await redis.flushall();
  return { stores, elsewhere, close: async () => {} };
});

describe('a damaged record in Redis', () => {
  const damage: readonly {
    readonly what: string;
    readonly key: string;
    readonly store: (key: string) => Promise<unknown>;
    readonly read: () => Promise<unknown>;
  }[] = [
    {
      what: 'an account that is not JSON',
      key: 'user:u1',
      store: (key) => redis.set(key, '{"userId":'),
      read: () => stores.users.find('u1'),
    },
    {
      what: 'an account without a field',
      key: 'user:u1',
      store: (key) => redis.set(key, JSON.stringify({ ...sampleUser(), name: undefined })),
      read: () => stores.users.find('u1'),
    },
    {
      what: 'an address that leads to no account',
      key: 'user:email:a@example.com',
      store: (key) => redis.set(key, 'nobody'),
      read: () => stores.users.findByEmail('A@example.com'),
    },
    {
      what: 'a restaurant of another type',
      key: 'restaurant:r1',
      store: (key) => redis.rpush(key, 'x'),
      read: () => stores.restaurants.find('r1'),
    },
    {
      what: 'a restaurant that the index names and that is gone',
      key: 'restaurant:r1',
      store: () => redis.sadd('restaurants', 'r1'),
      read: () => stores.restaurants.list(),
    },
    {
      what: 'a menu item with a price of no currency',
      key: 'menu:r1',
      store: (key) => redis.hset(key, 'pizza', JSON.stringify({ ...sampleMenuItem(), price: 5 })),
      read: () => stores.restaurants.menu('r1'),
    },
    {
      what: 'a payment of an unknown outcome',
      key: 'payment:o1',
      store: (key) => redis.set(key, '{"outcome":"maybe"}'),
      read: () => stores.payments.record('o1', { outcome: 'paid', chargeId: 'ch_1' }),
    },
    {
      what: 'an order without what was placed',
      key: 'order:o1',
      store: (key) => redis.hset(key, { status: 'paid', sequence: 2, restaurantId: 'r1' }),
      read: () => stores.orders.find('o1'),
    },
    {
      what: 'an order of another type',
      key: 'order:o1',
      store: (key) => redis.set(key, 'x'),
      read: () => stores.orders.record(sampleOrder({ orderId: 'o1' })),
    },
    {
      what: 'a count of orders that is no number',
      key: 'orders:counts',
      store: (key) => redis.hset(key, 'paid', 'many'),
      read: () => stores.orders.countByStatus(),
    },
    {
      what: 'a driver without a name',
      key: 'driver:d1',
      store: (key) => redis.hset(key, { onDuty: 1 }),
      read: () => stores.drivers.find('d1'),
    },
    {
      what: 'a driver with half a location',
      key: 'driver:d1',
      store: (key) => redis.hset(key, { name: 'Ann', latitude: 1 }),
      read: () => stores.drivers.find('d1'),
    },
    {
      what: 'a free driver that does not exist',
      key: 'delivery:o1',
      store: () => redis.geoadd('drivers:free', 13.4, 52.5, 'ghost'),
      read: () => stores.drivers.claimNearest('o1', { latitude: 52.5, longitude: 13.4 }, 5),
    },
  ];

  it.each(damage)('is reported by its key: $what', async ({ key, store, read }) => {
    await redis.flushall();
    await store(key);
    const error = await platformError(read());
    expect(error.code).toBe('RECORD_CORRUPT');
    expect(error.message).toContain(key);
  });

  it('leads to nothing being changed when an order is recorded or moved', async () => {
    await redis.flushall();
    const order = sampleOrder();
    await redis.set('orders:restaurant:restaurant-roma:created', 'not an index');
    expect((await platformError(stores.orders.record(order))).code).toBe('RECORD_CORRUPT');
    expect(await redis.keys('*')).toEqual(['orders:restaurant:restaurant-roma:created']);

    await redis.flushall();
    await stores.orders.record(order);
    await redis.set('orders:restaurant:restaurant-roma:paid', 'not an index');
    const before = await stores.orders.find(order.orderId);
    expect((await platformError(stores.orders.transition(order.orderId, 'paid'))).code).toBe(
      'RECORD_CORRUPT',
    );
    expect(await stores.orders.find(order.orderId)).toEqual(before);
    expect(await stores.orders.countByStatus()).toMatchObject({ created: 1, paid: 0 });
  });

  it('does not stand in the way of the others', async () => {
    await redis.flushall();
    await redis.set('restaurant:broken', '{}');
    const restaurant = sampleRestaurant();
    await stores.restaurants.save(restaurant);
    expect(await stores.restaurants.find(restaurant.restaurantId)).toEqual(restaurant);
  });
});

describe('an order in Redis', () => {
  it('is put together from damaged history only as an error', async () => {
    await redis.flushall();
    const order = sampleOrder();
    await stores.orders.record(order);
    await redis.hset(`order:${order.orderId}`, 'at:created', 'yesterday');
    const error = await platformError(stores.orders.find(order.orderId));
    expect(error.code).toBe('RECORD_CORRUPT');
    expect(error.message).toContain(`order:${order.orderId}`);
  });
});
