import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { RedisCache } from '../../workers/state/cache.ts';
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

let fixture: CacheFixture;
let redis: Redis;
let openCaches: CacheFixture['caches'];

beforeAll(async () => {
  fixture = await startCacheFixture();
  ({ redis, caches: openCaches } = fixture);
});
afterEach(() => redis.flushall());
afterAll(() => fixture.close());

/** So patient that nobody takes a lease over, however slow the machine. */
const patient = { patienceMs: 60_000, leaseMs: 60_000 };

describe('a stampede on the cache', () => {
  it('of 300 readers in two processes loads once', async () => {
    const { here, elsewhere } = openCaches(patient);
    const original = new Original();
    original.hold();
    const reads = Array.from({ length: 300 }, (_, i) => read(i % 2 === 0 ? here : elsewhere, original));
    await eventually(() => expect(original.loads).toBe(1));
    original.release();
    expect(new Set((await Promise.all(reads)).map((value) => value?.name))).toEqual(new Set(['soup']));
    expect(original.loads).toBe(1);
  });

  it('asks Redis rarely while it waits for another process', async () => {
    const { here, elsewhere } = openCaches(patient);
    const original = new Original();
    original.hold();
    const first = read(here, original);
    await eventually(async () => expect(await redis.exists(lease)).toBe(1));
    await redis.config('RESETSTAT');
    const waiting = Array.from({ length: 200 }, () => read(elsewhere, original));
    const evaluations = async () => {
      const stats = await redis.info('commandstats');
      return [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      );
    };
    // One question each, then one reader asks for all of them.
    await eventually(async () => expect(await evaluations()).toBeGreaterThan(203));
    expect(await evaluations()).toBeLessThan(300);
    original.release();
    await Promise.all([first, ...waiting]);
    expect(original.loads).toBe(1);
  });

  it('whose loader fails gives its error to those who share it, and lets the next one try', async () => {
    const { here, elsewhere } = openCaches();
    const fail = async (): Promise<Dish | undefined> => {
      throw new Error('the original is away');
    };
    const reads = Array.from({ length: 50 }, () =>
      here.read('menuCache', menu, { schema: Dish, load: fail }).catch((error: Error) => error.message),
    );
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['the original is away']));
    expect(await redis.exists(lease)).toBe(0);
    expect(await read(elsewhere, new Original())).toEqual({ name: 'soup' });
  });

  it('is not held up by a process that crashed while it loaded', async () => {
    const { here } = openCaches({ patienceMs: 200 });
    const original = new Original();
    await redis.set(lease, 'a process that is gone', 'PX', 10_000);
    const values = await Promise.all(Array.from({ length: 50 }, () => read(here, original)));
    expect(new Set(values.map((value) => value?.name))).toEqual(new Set(['soup']));
    // Whoever takes the lease over holds it for a new while, so that the others wait again.
    expect(original.loads).toBe(1);
    expect(await redis.exists(lease)).toBe(0);
  });

  it('takes over a lease that would never end', async () => {
    const { here } = openCaches();
    await redis.set(lease, 'x');
    expect(await read(here, new Original())).toEqual({ name: 'soup' });
    expect(await redis.exists(lease)).toBe(0);
  });
});

describe('a reader that is slower than a change', () => {
  it('does not store what it read before the change', async () => {
    const { here, elsewhere } = openCaches();
    const original = new Original();
    original.hold();
    const slow = read(here, original);
    await eventually(() => expect(original.loads).toBe(1));
    original.value = { name: 'bread' };
    await elsewhere.invalidate('menuCache', menu);
    original.release();
    expect(await slow).toEqual({ name: 'soup' });
    expect(await redis.get(key)).toBeNull();
    expect(await read(here, original)).toEqual({ name: 'bread' });
    expect(await read(elsewhere, original)).toEqual({ name: 'bread' });
  });

  it('does not overwrite what another one read after the change', async () => {
    const { here, elsewhere } = openCaches();
    const [before, after] = [new Original(), new Original()];
    before.hold();
    const slow = read(here, before);
    await eventually(() => expect(before.loads).toBe(1));
    after.value = { name: 'bread' };
    await elsewhere.invalidate('menuCache', menu);
    expect(await read(elsewhere, after)).toEqual({ name: 'bread' });
    before.release();
    await slow;
    expect(await redis.get(key)).toBe('{"value":{"name":"bread"}}');
  });

  it.each(['of the same process', 'of another process'])(
    'gives its old value to nobody who came after a change %s',
    async (whose) => {
      const { here, elsewhere } = openCaches();
      const original = new Original();
      original.hold();
      const slow = read(here, original);
      await eventually(() => expect(original.loads).toBe(1));
      original.value = { name: 'bread' };
      await (whose === 'of the same process' ? here : elsewhere).invalidate('menuCache', menu);
      const late = Array.from({ length: 20 }, () => read(here, original));
      await nextTurn();
      original.release();
      expect(await slow).toEqual({ name: 'soup' });
      for (const value of await Promise.all(late)) expect(value).toEqual({ name: 'bread' });
      expect(original.loads).toBe(2);
    },
  );

  it('does not store anything once its lease has run out', async () => {
    const { here } = openCaches({ leaseMs: 100, patienceMs: 60_000 });
    const original = new Original();
    original.hold();
    const slow = read(here, original);
    await eventually(async () => {
      expect(original.loads).toBe(1);
      expect(await redis.exists(lease)).toBe(0);
    });
    original.release();
    expect(await slow).toEqual({ name: 'soup' });
    expect(await redis.exists(key)).toBe(0);
  });

  it('never lets a value from before a change be seen after it, while both race', async () => {
    const { here, elsewhere } = openCaches();
    let version = 0;
    let announced = 0;
    const load = async () => {
      const name = String(version);
      await pause(Math.random() * 5);
      return { name };
    };
    let changing = true;
    const changes = (async () => {
      try {
        for (let i = 0; i < 100; i++) {
          version += 1;
          await (i % 2 === 0 ? here : elsewhere).invalidate('menuCache', menu);
          announced = version;
          await pause(Math.random() * 5);
        }
      } finally {
        changing = false;
      }
    })();
    const reader = async (cache: RedisCache) => {
      while (changing) {
        const atLeast = announced;
        const value = await cache.read('menuCache', menu, { schema: Dish, load });
        expect(Number(value?.name)).toBeGreaterThanOrEqual(atLeast);
      }
    };
    await Promise.all([
      changes,
      ...Array.from({ length: 10 }, (_, i) => reader(i % 2 === 0 ? here : elsewhere)),
    ]);
    expect(await here.read('menuCache', menu, { schema: Dish, load })).toEqual({ name: '100' });
  });
});
