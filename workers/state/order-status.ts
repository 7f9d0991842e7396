import { OrderStatusChanged } from '../platform/payloads.ts';
import { redisKey, redisKeys } from '../platform/redis-keys.ts';

import type { RedisConnection, StateLog } from './redis-connection.ts';
import type { RedisAddress } from './redis-options.ts';
import { RedisSubscriber } from './redis-subscriber.ts';
import { setOrderStatus } from './scripts/set-order-status.ts';
import { parseStored } from './stored.ts';

/** The live status of orders. Every method throws PlatformError STATE_UNAVAILABLE while Redis is away. */
export interface OrderStatusBoard {
  /** Stores and publishes a change unless a later one (by sequence) is known. @returns whether it was the latest */
  set(change: OrderStatusChanged): Promise<boolean>;
  /** @throws PlatformError RECORD_CORRUPT */
  get(orderId: string): Promise<OrderStatusChanged | undefined>;
  /**
   * Calls back with the status an order has now, if any, and with every later one: each at most once, in the order
   * of their sequence. Changes that follow each other during an outage are reported as the last of them.
   * @returns ends the watch; no call follows
   */
  watch(orderId: string, onChange: (change: OrderStatusChanged) => void): Promise<() => Promise<void>>;
}

interface Watcher {
  readonly onChange: (change: OrderStatusChanged) => void;
  lastSequence: number;
}

/** Everybody in this process who watches one order; they share one subscription. */
interface Watched {
  readonly watchers: Set<Watcher>;
  readonly subscribed: Promise<void>;
}

/** Keys read in one command when subscriptions come back. */
const keysPerRead = 200;

export class RedisOrderStatusBoard implements OrderStatusBoard {
  readonly #connection: RedisConnection;
  readonly #log: StateLog;
  readonly #subscriber: RedisSubscriber;
  readonly #watched = new Map<string, Watched>();

  constructor(connection: RedisConnection, address: RedisAddress, log: StateLog) {
    this.#connection = connection;
    this.#log = log;
    this.#subscriber = new RedisSubscriber(address, log, {
      onMessage: (channel, message) => this.#receive(channel, message),
      onResubscribed: (channels) => this.#catchUp(channels),
    });
  }

  async set(change: OrderStatusChanged): Promise<boolean> {
    const key = redisKey('orderStatus', { orderId: change.orderId });
    const args = [JSON.stringify(change), change.sequence, redisKeys.orderStatus.ttlSeconds];
    return (await this.#connection.script(setOrderStatus, [key], args)) === 1;
  }

  async get(orderId: string): Promise<OrderStatusChanged | undefined> {
    const key = redisKey('orderStatus', { orderId });
    const text = await this.#connection.run((redis) => redis.get(key));
    return text === null ? undefined : parseStored(OrderStatusChanged, key, text);
  }

  async watch(orderId: string, onChange: (change: OrderStatusChanged) => void): Promise<() => Promise<void>> {
    const channel = redisKey('orderStatus', { orderId });
    const watcher: Watcher = { onChange, lastSequence: 0 };
    const watched = this.#watched.get(channel) ?? this.#startWatching(channel);
    watched.watchers.add(watcher);
    const end = () => this.#endWatch(channel, watched, watcher);
    try {
      // First the subscription, then the current value: a change in between comes twice and is told apart.
      await watched.subscribed;
      const current = await this.get(orderId);
      if (current !== undefined) this.#tell(watcher, current);
    } catch (error) {
      await end();
      throw error;
    }
    return end;
  }

  /** Ends every watch. */
  async close(): Promise<void> {
    this.#watched.clear();
    await this.#subscriber.close();
  }

  #startWatching(channel: string): Watched {
    const watched = { watchers: new Set<Watcher>(), subscribed: this.#subscriber.subscribe(channel) };
    this.#watched.set(channel, watched);
    return watched;
  }

  async #endWatch(channel: string, watched: Watched, watcher: Watcher): Promise<void> {
    watched.watchers.delete(watcher);
    if (watched.watchers.size > 0 || this.#watched.get(channel) !== watched) return;
    this.#watched.delete(channel);
    await this.#subscriber.unsubscribe(channel);
  }

  #receive(channel: string, message: string): void {
    const watched = this.#watched.get(channel);
    if (watched === undefined) return;
    try {
      const change = parseStored(OrderStatusChanged, channel, message);
      for (const watcher of watched.watchers) this.#tell(watcher, change);
    } catch (error) {
      this.#log.warn({ channel, reason: String(error) }, 'a message on a status channel cannot be read');
    }
  }

  /** Reads what may have been missed while the subscriptions were interrupted. */
  async #catchUp(channels: readonly string[]): Promise<void> {
    for (let i = 0; i < channels.length; i += keysPerRead) {
      const some = channels.slice(i, i + keysPerRead);
      const values = await this.#connection.run((redis) => redis.mget(...some));
      for (const [index, channel] of some.entries()) {
        const value = values[index];
        if (value) this.#receive(channel, value);
      }
    }
  }

  #tell(watcher: Watcher, change: OrderStatusChanged): void {
    if (change.sequence <= watcher.lastSequence) return;
    watcher.lastSequence = change.sequence;
    try {
      watcher.onChange(change);
    } catch (error) {
      this.#log.warn({ orderId: change.orderId, reason: String(error) }, 'a watcher of an order failed');
    }
  }
}
