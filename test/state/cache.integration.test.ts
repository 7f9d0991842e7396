import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { eventually } from '../harness/eventually.ts';
import {
  type CacheFixture,
  Dish,
  key,
  lease,
  menu,
  Original,
  read,
  startCacheFixture,
} from './cache-fixture.ts';
import { errorCode } from './error-code.ts';

let fixture: CacheFixture;
let redis: Redis;
let openCaches: CacheFixture['caches'];

beforeAll(async () => {
  fixture = await startCacheFixture();
  ({ redis, caches: openCaches } = fixture);
});
afterEach(() => redis.flushall());
afterAll(() => fixture.close());

describe('the cache', () => {
  it('loads a value once and remembers it for all processes', async () => {
    const { here, elsewhere } = openCaches();
    const original = new Original();
    expect(await read(here, original)).toEqual({ name: 'soup' });
    original.value = { name: 'changed behind its back' };
    expect(await read(here, original)).toEqual({ name: 'soup' });
    expect(await read(elsewhere, original)).toEqual({ name: 'soup' });
    expect(original.loads).toBe(1);
    expect(await redis.exists(lease)).toBe(0);
  });

  it('keeps an entry for its declared life at most, with some jitter', async () => {
    const { here } = openCaches();
    const lives = [];
    for (let i = 0; i < 20; i++) {
      await here.read(
        'restaurantCache',
        { id: `r${i}` },
        { schema: Dish, load: async () => ({ name: 'x' }) },
      );
      lives.push(await redis.ttl(`cache:restaurant:r${i}`));
    }
    expect(Math.max(...lives)).toBeLessThanOrEqual(300);
    expect(Math.min(...lives)).toBeGreaterThan(260);
    expect(new Set(lives).size).toBeGreaterThan(1);
  });

  it('loads again once the value was invalidated', async () => {
    const { here, elsewhere } = openCaches();
    const original = new Original();
    await read(here, original);
    original.value = { name: 'bread' };
    await elsewhere.invalidate('menuCache', menu);
    expect(await read(here, original)).toEqual({ name: 'bread' });
    expect(original.loads).toBe(2);
  });

  it('invalidates one entry only', async () => {
    const { here } = openCaches();
    const original = new Original();
    await read(here, original);
    await here.invalidate('menuCache', { restaurantId: 'another' });
    await read(here, original);
    expect(original.loads).toBe(1);
  });

  it('remembers that there is nothing only where it is told to', async () => {
    const { here, elsewhere } = openCaches();
    const original = new Original();
    original.value = undefined;
    expect(await read(here, original)).toBeUndefined();
    expect(await read(here, original)).toBeUndefined();
    expect(original.loads).toBe(2);
    expect(await read(here, original, 30)).toBeUndefined();
    expect(await read(elsewhere, original, 30)).toBeUndefined();
    expect(original.loads).toBe(3);
    expect(await redis.ttl(key)).toBeLessThanOrEqual(30);
    original.value = { name: 'new' };
    await here.invalidate('menuCache', menu);
    expect(await read(here, original, 30)).toEqual({ name: 'new' });
  });

  it.each(['gibberish', '{"value":{"name":7}}', '{"value":', '{}', 'null', ''])(
    'loads again where the entry is damaged: %s',
    async (text) => {
      const { here, elsewhere } = openCaches();
      const original = new Original();
      await redis.set(key, text, 'EX', 100);
      expect(await read(here, original)).toEqual({ name: 'soup' });
      expect(await read(elsewhere, original)).toEqual({ name: 'soup' });
      expect(original.loads).toBe(1);
    },
  );

  it('loads again where the key holds something else entirely', async () => {
    const { here } = openCaches();
    const original = new Original();
    await redis.rpush(key, 'x');
    expect(await read(here, original)).toEqual({ name: 'soup' });
    expect(await read(here, original)).toEqual({ name: 'soup' });
    expect(original.loads).toBe(1);
  });
});

describe('the cache while Redis is away', () => {
  it('reads the original, once for all who ask at the same time, and recovers', async () => {
    const { here } = openCaches();
    const original = new Original();
    await read(here, original);
    await fixture.server.kill();
    await eventually(async () =>
      expect(await errorCode(here.invalidate('menuCache', menu))).toBe('STATE_UNAVAILABLE'),
    );
    original.value = { name: 'fresh' };
    original.loads = 0;
    original.hold();
    const reads = Array.from({ length: 100 }, () => read(here, original));
    await eventually(() => expect(original.loads).toBe(1));
    original.release();
    for (const value of await Promise.all(reads)) expect(value).toEqual({ name: 'fresh' });
    expect(original.loads).toBe(1);
    await fixture.server.start();
    await eventually(() => here.invalidate('menuCache', menu));
    original.loads = 0;
    await read(here, original);
    await read(here, original);
    expect(original.loads).toBe(1);
  });

  it('gives what was loaded although it went away meanwhile', async () => {
    const { here } = openCaches();
    const original = new Original();
    original.hold();
    const reading = read(here, original);
    await eventually(() => expect(original.loads).toBe(1));
    await fixture.server.kill();
    original.release();
    expect(await reading).toEqual({ name: 'soup' });
    await fixture.server.start();
    await eventually(async () => expect(await fixture.connection.ready()).toBe(true));
  });

  it('passes on the error of an original that needs Redis as well', async () => {
    const { here } = openCaches();
    await fixture.server.kill();
    const reading = here.read('menuCache', menu, {
      schema: Dish,
      load: async () => {
        await fixture.connection.run((client) => client.get('menu:r1'));
        return undefined;
      },
    });
    expect(await errorCode(reading)).toBe('STATE_UNAVAILABLE');
    await fixture.server.start();
    await eventually(async () => expect(await fixture.connection.ready()).toBe(true));
  });
});
