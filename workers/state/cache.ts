import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { type RedisKeyName, type RedisKeyParameters, redisKey, redisKeys } from '../platform/redis-keys.ts';
import { cacheEntry, readCacheEntry } from './cache-entry.ts';
import type { RedisConnection } from './redis-connection.ts';
import { isStateUnavailable } from './redis-errors.ts';
import { deleteIfEqual } from './scripts/delete-if-equal.ts';
import { fillCache } from './scripts/fill-cache.ts';
import { readOrLead } from './scripts/read-or-lead.ts';

/** The declared families of keys that are caches. */
export type CacheName = {
  [Name in RedisKeyName]: (typeof redisKeys)[Name]['pattern'] extends `cache:${string}` ? Name : never;
}[RedisKeyName];

/** How a cache entry is read and where it comes from. */
export interface CacheSource<Schema extends z.ZodType> {
  /** What an entry must look like; one that does not is loaded again. */
  readonly schema: Schema;
  /** Reads the original; `undefined` where there is none. */
  readonly load: () => Promise<z.output<Schema> | undefined>;
  /** How long "there is none" is remembered, in seconds. @default not at all */
  readonly missingTtlSeconds?: number;
}

/** Copies of records, read through: a miss is loaded once, by one of all readers in all processes. */
export interface Cache {
  /**
   * The cached value, or the original. A reader that comes after `invalidate` has resolved never gets a value from
   * before it. While Redis is away the original is read. Throws what `load` throws.
   */
  read<Name extends CacheName, Schema extends z.ZodType>(
    name: Name,
    parameters: RedisKeyParameters<Name>,
    source: CacheSource<Schema>,
  ): Promise<z.output<Schema> | undefined>;
  /**
   * Forgets an entry; call it once a change of the original is durable.
   * @throws PlatformError STATE_UNAVAILABLE: the old value may be served until its time is over
   */
  invalidate<Name extends CacheName>(name: Name, parameters: RedisKeyParameters<Name>): Promise<void>;
}

/** One reading of the original, which other readers of this process may share. */
interface Load {
  /** Compared with the coming of a reader: a load that began later is fresh enough for it in any case. */
  readonly began: number;
  /** `current`: nothing was invalidated since it began, so that it is fresh enough for everybody. */
  readonly result: Promise<{ readonly value: unknown; readonly current: boolean }>;
}

type Answer =
  | { readonly kind: 'hit'; readonly text: string }
  | { readonly kind: 'lead' | 'wait' | 'again' | 'away' };

/**
 * The cache in Redis. A reader that misses takes a lease (`cache-lock:{key}`) and loads; others wait for it.
 * Storing requires the lease, and `invalidate` takes the lease away together with the entry: a slow reader cannot
 * store what it read before a change.
 */
export class RedisCache implements Cache {
  readonly #connection: RedisConnection;
  readonly #patienceMs: number;
  readonly #leaseMs: number;
  readonly #loads = new Map<string, Load>();
  /** Keys that another process loads; one reader of this process asks again and again for all of them. */
  readonly #polls = new Map<string, Promise<Answer>>();
  /** Numbers readers and loads of this process in the order they begin. */
  #turn = 0;

  /**
   * @param options.patienceMs after how long a reader that loads is taken for dead; @default 2 000
   * @param options.leaseMs how long a lease lives at most; @default the declared life of its key
   */
  constructor(
    connection: RedisConnection,
    options: { readonly patienceMs?: number; readonly leaseMs?: number } = {},
  ) {
    this.#connection = connection;
    this.#patienceMs = options.patienceMs ?? 2_000;
    this.#leaseMs = options.leaseMs ?? redisKeys.cacheLock.ttlSeconds * 1_000;
  }

  async read<Name extends CacheName, Schema extends z.ZodType>(
    name: Name,
    parameters: RedisKeyParameters<Name>,
    source: CacheSource<Schema>,
  ): Promise<z.output<Schema> | undefined> {
    const key = redisKey(name, parameters);
    const token = randomUUID();
    const came = this.#nextTurn();
    for (;;) {
      const load = this.#loads.get(key);
      if (load !== undefined) {
        const { value, current } = await load.result;
        // All readers of one key name one schema, so this load's values are of ours.
        if (current || load.began > came) return value as z.output<Schema> | undefined;
        continue;
      }
      const answer = await this.#answer(key, token);
      if (answer.kind === 'hit') {
        const entry = readCacheEntry(source.schema, answer.text);
        if (entry !== undefined) return entry.value;
        await this.#unlessAway(this.#connection.script(deleteIfEqual, [key], [answer.text]));
      } else if (answer.kind === 'lead') {
        return await this.#load(key, source, (value) => this.#store(name, key, token, source, value), token);
      } else if (answer.kind === 'away' && !this.#loads.has(key)) {
        return await this.#load(key, source, async () => false);
      }
    }
  }

  async invalidate<Name extends CacheName>(name: Name, parameters: RedisKeyParameters<Name>): Promise<void> {
    const key = redisKey(name, parameters);
    await this.#connection.run((redis) => redis.del(key, leaseOf(key)));
    this.#loads.delete(key);
  }

  /** Reads the entry or takes the lease; while another process has it, waits for what becomes of it. */
  async #answer(key: string, token: string): Promise<Answer> {
    const answer = await this.#ask(key, token);
    if (answer.kind !== 'wait') return answer;
    const polling = this.#polls.get(key);
    if (polling !== undefined) {
      await polling;
      return { kind: 'again' };
    }
    const poll = this.#poll(key, token);
    this.#polls.set(key, poll);
    try {
      return await poll;
    } finally {
      this.#polls.delete(key);
    }
  }

  async #poll(key: string, token: string): Promise<Answer> {
    for (;;) {
      if (this.#loads.has(key)) return { kind: 'again' };
      await delay(20 + Math.random() * 30);
      const answer = await this.#ask(key, token);
      if (answer.kind !== 'wait') return answer;
    }
  }

  async #ask(key: string, token: string): Promise<Answer> {
    const asked = this.#connection.script(
      readOrLead,
      [key, leaseOf(key)],
      [token, this.#leaseMs, this.#patienceMs],
    );
    const reply = await this.#unlessAway(asked);
    if (reply === undefined) return { kind: 'away' };
    return reply[0] === 'hit' ? { kind: 'hit', text: reply[1] } : { kind: reply[0] };
  }

  /** Loads the original, for this reader and for those who come meanwhile. */
  async #load<Schema extends z.ZodType>(
    key: string,
    source: CacheSource<Schema>,
    store: (value: z.output<Schema> | undefined) => Promise<boolean>,
    token?: string,
  ): Promise<z.output<Schema> | undefined> {
    const loading = async () => {
      const value = await source.load();
      return { value, current: await store(value) };
    };
    const result = loading();
    const load = { began: this.#nextTurn(), result };
    this.#loads.set(key, load);
    try {
      return (await result).value;
    } catch (error) {
      if (token !== undefined) await this.#giveBack(key, token);
      throw error;
    } finally {
      if (this.#loads.get(key) === load) this.#loads.delete(key);
    }
  }

  /** @returns whether the lease was held until the value was stored */
  async #store<Schema extends z.ZodType>(
    name: CacheName,
    key: string,
    token: string,
    source: CacheSource<Schema>,
    value: z.output<Schema> | undefined,
  ): Promise<boolean> {
    const ttlSeconds = value === undefined ? source.missingTtlSeconds : redisKeys[name].ttlSeconds;
    if (ttlSeconds === undefined) return await this.#giveBack(key, token);
    // Entries that were filled together do not all end together.
    const ttlMs = Math.ceil(ttlSeconds * 1_000 * (0.9 + Math.random() * 0.1));
    const args = [token, cacheEntry(value), ttlMs];
    return (await this.#unlessAway(this.#connection.script(fillCache, [key, leaseOf(key)], args))) === 1;
  }

  async #giveBack(key: string, token: string): Promise<boolean> {
    return (await this.#unlessAway(this.#connection.script(deleteIfEqual, [leaseOf(key)], [token]))) === 1;
  }

  /** A cache without Redis is a cache that knows nothing. */
  async #unlessAway<Reply>(reply: Promise<Reply>): Promise<Reply | undefined> {
    try {
      return await reply;
    } catch (error) {
      if (isStateUnavailable(error)) return undefined;
      throw error;
    }
  }

  #nextTurn(): number {
    this.#turn += 1;
    return this.#turn;
  }
}

function leaseOf(key: string): string {
  return redisKey('cacheLock', { key });
}
