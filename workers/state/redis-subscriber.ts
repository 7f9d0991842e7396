import { setTimeout as delay } from 'node:timers/promises';
import { RedisConnection, type StateLog } from './redis-connection.ts';
import type { RedisAddress } from './redis-options.ts';

export interface RedisSubscriberListeners {
  onMessage(channel: string, message: string): void;
  /** The subscriptions work again after an interruption, during which messages may have been missed. */
  onResubscribed(channels: readonly string[]): Promise<void>;
}

const retryResubscribingMs = 250;

/** Subscriptions over a connection of their own, which is opened with the first one and comes back after an outage. */
export class RedisSubscriber {
  readonly #address: RedisAddress;
  readonly #log: StateLog;
  readonly #listeners: RedisSubscriberListeners;
  readonly #channels = new Set<string>();
  readonly #closing = new AbortController();
  #connection: RedisConnection | undefined;
  /** Counts how often the connection became ready, so that a retry for an earlier one gives up. */
  #epoch = 0;

  constructor(address: RedisAddress, log: StateLog, listeners: RedisSubscriberListeners) {
    this.#address = address;
    this.#log = log;
    this.#listeners = listeners;
  }

  /**
   * Resolves once messages on the channel arrive; from then on the subscription survives every outage.
   * @throws PlatformError STATE_UNAVAILABLE while Redis is away; the channel is not subscribed to then
   */
  async subscribe(channel: string): Promise<void> {
    this.#channels.add(channel);
    this.#connection ??= new RedisConnection(this.#address, this.#log, {
      onReady: () => void this.#resubscribe(),
      onMessage: this.#listeners.onMessage,
    });
    try {
      await this.#connection.run((redis) => redis.subscribe(channel));
    } catch (error) {
      this.#channels.delete(channel);
      throw error;
    }
  }

  /** Ends a subscription. While Redis is away there is nothing to end: it is not made again. */
  async unsubscribe(channel: string): Promise<void> {
    this.#channels.delete(channel);
    try {
      // Somebody may have subscribed again while this waited for its turn.
      await this.#connection?.run(async (redis) => this.#channels.has(channel) || redis.unsubscribe(channel));
    } catch (error) {
      this.#log.info({ channel, reason: String(error) }, 'a subscription ended without a word to Redis');
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#channels.clear();
    await this.#connection?.close();
  }

  /** Repeats until the subscriptions work and the listener has caught up, or the connection was lost again. */
  async #resubscribe(): Promise<void> {
    this.#epoch += 1;
    const epoch = this.#epoch;
    while (this.#channels.size > 0 && epoch === this.#epoch && !this.#closing.signal.aborted) {
      const channels = [...this.#channels];
      try {
        await this.#connection?.run((redis) => redis.subscribe(...channels));
        await this.#listeners.onResubscribed(channels);
        return;
      } catch (error) {
        this.#log.warn({ reason: String(error) }, 'subscriptions are not back yet; trying again');
        await delay(retryResubscribingMs, undefined, { signal: this.#closing.signal, ref: false }).catch(
          () => {},
        );
      }
    }
  }
}
