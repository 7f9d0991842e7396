import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { redisKeys } from '../../workers/platform/redis-keys.ts';
import { openState, type State } from '../../workers/state/state.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { sampleOrder } from './samples.ts';

let redis: TestRedis;
let state: State;
let client: Redis;
beforeAll(async () => {
  redis = await startTestRedis();
  state = await openState({ REDIS_URL: redis.url }, pino({ level: 'silent' }));
  client = new Redis(redis.url);
  await eventually(async () => expect(await state.ready()).toBe(true));
});
afterAll(async () => {
  client.disconnect();
  await state.close();
  await redis.remove();
});

describe('the request that placed an order', () => {
  it('is remembered for a day', async () => {
    const request = { digest: 'd', order: sampleOrder({ orderId: 'o-1' }) };
    expect(await state.orderRequests.claim(request)).toEqual(request);
    expect(await state.orderRequests.find('o-1')).toEqual(request);
    const ttl = await client.ttl('order-request:o-1');
    expect(ttl).toBeGreaterThan(redisKeys.orderRequest.ttlSeconds - 60);
    expect(ttl).toBeLessThanOrEqual(redisKeys.orderRequest.ttlSeconds);
  });

  it('is the first one, however many come for the same order at once', async () => {
    const requests = ['a', 'b', 'c', 'd'].map((digest) => ({
      digest,
      order: sampleOrder({ orderId: 'o-2' }),
    }));
    const kept = await Promise.all(requests.map((request) => state.orderRequests.claim(request)));
    expect(new Set(kept.map(({ digest }) => digest)).size).toBe(1);
    expect(await state.orderRequests.find('o-2')).toEqual(kept[0]);
  });

  it('is unknown where none was made', async () => {
    expect(await state.orderRequests.find('o-3')).toBeUndefined();
  });

  it('is an error where what is stored is none', async () => {
    await client.set('order-request:o-4', '{"digest":1}');
    await expect(state.orderRequests.find('o-4')).rejects.toMatchObject({
      code: 'RECORD_CORRUPT',
      details: { key: 'order-request:o-4' },
    });
  });
});
