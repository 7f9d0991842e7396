import { Redis } from 'ioredis';
import { Outage } from './outage.ts';
import { asStateError, isStateUnavailable, stateUnavailable } from './redis-errors.ts';
import { type RedisAddress, redisOptions } from './redis-options.ts';
import type { RedisScript } from './redis-script.ts';

/** Where the state layer says what operators should know; a pino logger fits. */
export interface StateLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What a connection tells its owner. */
export interface RedisConnectionListeners {
  /** The connection can be used, for the first time or again. */
  onReady?(): void;
  /** A message came on a channel this connection is subscribed to. */
  onMessage?(channel: string, message: string): void;
}

/** How often an idle connection is checked; a half-open one is noticed within this and the socket's time limit. */
const heartbeatMs = 5_000;

/**
 * One connection to Redis that reconnects for ever. A command is sent at most once; while the server is away it
 * fails with STATE_UNAVAILABLE, within about a second when an outage begins and at once later on.
 */
export class RedisConnection {
  readonly #redis: Redis;
  readonly #log: StateLog;
  readonly #outage = new Outage({ patienceMs: 1_000, maxWaiting: 10_000 });
  readonly #heartbeat: NodeJS.Timeout;
  readonly #defined = new Set<RedisScript<unknown>>();
  #lastProblem: string | undefined;
  #closed = false;

  /** Starts to connect; commands may be run right away. */
  constructor(address: RedisAddress, log: StateLog, listeners: RedisConnectionListeners = {}) {
    this.#log = log;
    this.#outage.begin();
    const { url, options } = redisOptions(address);
    this.#redis = url === undefined ? new Redis(options) : new Redis(url, options);
    this.#redis.on('ready', () => {
      this.#lastProblem = undefined;
      this.#log.info({}, 'connected to Redis');
      this.#outage.end();
      listeners.onReady?.();
    });
    this.#redis.on('close', () => {
      if (this.#closed) return;
      this.#outage.begin();
      if (this.#lastProblem === undefined) this.#report('the connection was lost');
    });
    this.#redis.on('error', (error: Error) => this.#report(error.message));
    this.#redis.on('message', (channel: string, message: string) => listeners.onMessage?.(channel, message));
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref();
  }

  /**
   * Runs commands of ioredis.
   * @throws PlatformError STATE_UNAVAILABLE while Redis is away, RECORD_CORRUPT for a key of the wrong type
   */
  async run<Result>(commands: (redis: Redis) => Promise<Result>): Promise<Result> {
    await this.#usable();
    try {
      return await commands(this.#redis);
    } catch (error) {
      throw asStateError(error);
    }
  }

  /**
   * Runs a script by its digest, sending its source only where the server does not have it.
   * @throws PlatformError as `run` does
   */
  async script<Reply>(
    script: RedisScript<Reply>,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<Reply> {
    const name = `script:${script.name}`;
    if (!this.#defined.has(script)) {
      this.#redis.defineCommand(name, { lua: script.lua });
      this.#defined.add(script);
    }
    const reply = await this.run((redis) => {
      // defineCommand adds a method under a name that ioredis' types cannot know.
      const call = Reflect.get(redis, name) as (...values: readonly unknown[]) => Promise<unknown>;
      return call.call(redis, keys.length, ...keys, ...args);
    });
    return script.reply.parse(reply);
  }

  /** Whether Redis answers now; it never waits for the end of an outage. */
  async ready(): Promise<boolean> {
    if (this.#redis.status !== 'ready') return false;
    try {
      await this.run((redis) => redis.ping());
      return true;
    } catch (error) {
      if (isStateUnavailable(error)) return false;
      throw error;
    }
  }

  /** Waits for the answers under way, then disconnects for good; later commands fail with STATE_UNAVAILABLE. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#heartbeat);
    this.#outage.abandon();
    try {
      await this.#redis.quit();
    } catch {
      // Nothing is under way on a connection that is away already.
      this.#redis.disconnect();
    }
  }

  async #usable(): Promise<void> {
    if (this.#closed) throw stateUnavailable('the connection is closed');
    if (this.#redis.status === 'ready') return;
    // The socket of a connection that just broke may be noticed before the event that says so.
    this.#outage.begin();
    if (!(await this.#outage.waitForEnd())) {
      throw stateUnavailable(this.#lastProblem ?? `the connection is ${this.#redis.status}`);
    }
  }

  /** Says why a connection failed, once for each reason until it works again. */
  #report(problem: string): void {
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#log.warn({ reason: problem }, 'Redis cannot be reached; trying again');
  }

  #beat(): void {
    if (this.#redis.status !== 'ready') return;
    // Without an answer the socket's time limit ends the connection, which then comes back by itself.
    this.#redis.ping().catch((error: unknown) => this.#report(String(error)));
  }
}
