import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { RedisCache } from '../../workers/state/cache.ts';
import { RedisConnection } from '../../workers/state/redis-connection.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { errorCode } from './error-code.ts';
import { recordedLog } from './recorded-log.ts';

const Dish = z.strictObject({ name: z.string() });
type Dish = z.infer<typeof Dish>;

let server: TestRedis;
let redis: Redis;
let connections: RedisConnection[];

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  redis.on('error', () => {});
  connections = [1, 2].map(() => new RedisConnection({ REDIS_URL: server.url }, recordedLog()));
});

afterEach(() => redis.flushall());

afterAll(async () => {
  for (const connection of connections) await connection.close();
  redis.disconnect();
  await server.remove();
});

/** The caches of two processes. */
function openCaches(options?: { readonly patienceMs?: number; readonly leaseMs?: number }) {
  const [here, elsewhere] = connections.map((connection) => new RedisCache(connection, options));
  if (here === undefined || elsewhere === undefined) throw new Error('two connections are needed');
  return { here, elsewhere };
}

/** An original that counts how often it is read, and whose reading can be held up. */
class Original {
  value: Dish | undefined = { name: 'soup' };
  loads = 0;
  #gate: Promise<void> | undefined;
  #open: () => void = () => {};

  /** What a reading returns was there when it began, however long it is held. */
  readonly load = async (): Promise<Dish | undefined> => {
    this.loads += 1;
    const value = this.value;
    await this.#gate;
    return value;
  };

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#gate = undefined;
    this.#open();
  }
}

const menu = { restaurantId: 'r1' };
const key = 'cache:menu:r1';
const lease = 'cache-lock:cache:menu:r1';

function read(cache: RedisCache, original: Original, missingTtlSeconds?: number): Promise<Dish | undefined> {
  return cache.read('menuCache', menu, {
    schema: Dish,
    load: original.load,
    ...(missingTtlSeconds !== undefined && { missingTtlSeconds }),
  });
}

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

describe('a stampede on the cache', () => {
  it('of 300 readers in two processes loads once', async () => {
    const { here, elsewhere } = openCaches();
    const original = new Original();
    original.hold();
    const reads = Array.from({ length: 300 }, (_, i) => read(i % 2 === 0 ? here : elsewhere, original));
    await eventually(() => expect(original.loads).toBe(1));
    original.release();
    expect(new Set((await Promise.all(reads)).map((value) => value?.name))).toEqual(new Set(['soup']));
    expect(original.loads).toBe(1);
  });

  it('asks Redis rarely while it waits for another process', async () => {
    const { here, elsewhere } = openCaches();
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

describe('the cache while Redis is away', () => {
  it('reads the original, once for all who ask at the same time, and recovers', async () => {
    const { here } = openCaches();
    const original = new Original();
    await read(here, original);
    await server.kill();
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
    await server.start();
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
    await server.kill();
    original.release();
    expect(await reading).toEqual({ name: 'soup' });
    await server.start();
    await eventually(async () => expect(await connections[0]?.ready()).toBe(true));
  });

  it('passes on the error of an original that needs Redis as well', async () => {
    const { here } = openCaches();
    await server.kill();
    const reading = here.read('menuCache', menu, {
      schema: Dish,
      load: async () => {
        await connections[0]?.run((client) => client.get('menu:r1'));
        return undefined;
      },
    });
    expect(await errorCode(reading)).toBe('STATE_UNAVAILABLE');
    await server.start();
    await eventually(async () => expect(await connections[0]?.ready()).toBe(true));
  });
});
