import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createRateLimiter, type RateLimiter } from '../../workers/state/rate-limit.ts';
import { RedisConnection } from '../../workers/state/redis-connection.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { errorCode } from './error-code.ts';
import { recordedLog } from './recorded-log.ts';

let server: TestRedis;
let redis: Redis;
let connections: RedisConnection[];
let limiter: RateLimiter;
let elsewhere: RateLimiter;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  connections = [1, 2].map(() => new RedisConnection({ REDIS_URL: server.url }, recordedLog()));
  const [first, second] = connections.map(createRateLimiter);
  if (first === undefined || second === undefined) throw new Error('two connections are needed');
  limiter = first;
  elsewhere = second;
});

afterEach(() => redis.flushall());

afterAll(async () => {
  for (const connection of connections) await connection.close();
  redis.disconnect();
  await server.remove();
});

/** So slow that no permit comes back during a test. */
const slow = { perMinute: 0.1, burst: 5 };

describe('the rate limiter', () => {
  it('gives a burst, then says when to come again', async () => {
    const decisions = [];
    for (let i = 0; i < 7; i++) decisions.push(await limiter.take('192.0.2.1', slow));
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, true, true, false, false]);
    expect(decisions.map(({ remaining }) => remaining)).toEqual([4, 3, 2, 1, 0, 0, 0]);
    expect(decisions.slice(0, 5).every(({ retryAfterSeconds }) => retryAfterSeconds === 0)).toBe(true);
    expect(decisions[6]?.retryAfterSeconds).toBeGreaterThan(500);
    expect(decisions[6]?.retryAfterSeconds).toBeLessThanOrEqual(600);
  });

  it('gives permits back at its rate, and never more than a burst', async () => {
    const fast = { perMinute: 600, burst: 3 }; // one every 100 ms
    for (let i = 0; i < 3; i++) expect((await limiter.take('u', fast)).allowed).toBe(true);
    await eventually(async () => expect((await limiter.take('u', fast)).allowed).toBe(true), 5_000);
    await eventually(async () => expect(await redis.exists('rate:u')).toBe(0));
    expect((await limiter.take('u', fast)).remaining).toBe(2);
  });

  it('refuses without counting the refused', async () => {
    const limit = { perMinute: 60, burst: 1 };
    await limiter.take('u', limit);
    const state = await redis.get('rate:u');
    for (let i = 0; i < 20; i++)
      expect(await limiter.take('u', limit)).toMatchObject({ retryAfterSeconds: 1 });
    expect(await redis.get('rate:u')).toBe(state);
  });

  it('gives exactly a burst to many that come at once over several connections', async () => {
    const limit = { ...slow, burst: 50 };
    const decisions = await Promise.all(
      Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? limiter : elsewhere).take('192.0.2.1', limit)),
    );
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(50);
  });

  it('counts each subject by itself, whatever form its address has', async () => {
    const once = { ...slow, burst: 1 };
    expect((await limiter.take('192.0.2.1', once)).allowed).toBe(true);
    expect((await limiter.take('::ffff:192.0.2.1', once)).allowed).toBe(false);
    expect((await limiter.take('192.0.2.2', once)).allowed).toBe(true);
    expect((await limiter.take('2001:db8::1', once)).allowed).toBe(true);
    expect((await limiter.take('2001:db8:0:0:1::9', once)).allowed).toBe(false);
    expect((await limiter.take('user-1', once)).allowed).toBe(true);
    expect((await redis.keys('*')).sort()).toEqual([
      'rate:192.0.2.1',
      'rate:192.0.2.2',
      'rate:2001-db8-0-0-64',
      'rate:user-1',
    ]);
  });

  it('lets its keys end when the bucket is full again', async () => {
    const limit = { perMinute: 6, burst: 10 }; // one every 10 s
    await limiter.take('u', limit);
    const ttl = await redis.pttl('rate:u');
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(10_000);
    for (let i = 0; i < 4; i++) await limiter.take('u', limit);
    expect(await redis.pttl('rate:u')).toBeLessThanOrEqual(50_000);
    expect(await redis.pttl('rate:u')).toBeGreaterThan(10_000);
  });

  it('adapts when the limit of a subject becomes smaller', async () => {
    for (let i = 0; i < 50; i++) await limiter.take('u', { perMinute: 1, burst: 100 });
    const { allowed, retryAfterSeconds } = await limiter.take('u', { perMinute: 60, burst: 5 });
    expect(allowed).toBe(false);
    expect(retryAfterSeconds).toBeLessThanOrEqual(1);
  });

  it('forgives a clock that ran ahead, and a state that cannot be read', async () => {
    await redis.set('rate:u', String((Date.now() + 86_400_000) * 1_000), 'EX', 60);
    expect((await limiter.take('u', { perMinute: 60, burst: 5 })).retryAfterSeconds).toBeLessThanOrEqual(1);
    await redis.set('rate:u', 'gibberish', 'EX', 60);
    expect(await limiter.take('u', slow)).toMatchObject({ allowed: true, remaining: 4 });
  });

  it.each([
    { perMinute: 0, burst: 1 },
    { perMinute: -1, burst: 1 },
    { perMinute: 60, burst: 0 },
    { perMinute: Number.NaN, burst: 1 },
    { perMinute: 60, burst: Number.NaN },
    { perMinute: 60, burst: 1.5 },
    { perMinute: Number.POSITIVE_INFINITY, burst: 1 },
  ])('does not take an impossible limit: $perMinute a minute, burst $burst', async (limit) => {
    await expect(limiter.take('u', limit)).rejects.toThrow(RangeError);
  });

  it('does not decide while Redis is away', async () => {
    await server.kill();
    expect(await errorCode(limiter.take('u', slow))).toBe('STATE_UNAVAILABLE');
    await server.start();
    await eventually(async () => expect(await limiter.take('u', slow)).toMatchObject({ allowed: true }));
  });
});
