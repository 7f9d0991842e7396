import type { Channel } from 'amqplib';
import type { BrokerConnection } from '../../messaging/connection.ts';
import type { Log } from '../../messaging/log.ts';
import { StandingChannel } from '../../messaging/standing-channel.ts';
import { stringifyTaskJson } from '../protocol/json.ts';
import type { TaskValue } from '../protocol/value.ts';
import { declareExchange } from '../worker/declare-exchange.ts';

/** Where all events go (Celery, `celery/events/event.py`). */
const exchange = { name: 'celeryev', type: 'topic', durable: true } as const;

/**
 * The channel that events go out on. They are not confirmed: an event that is lost with the broker tells of something
 * that the broker's monitors cannot see anyway.
 */
export class EventChannel {
  readonly #channel: StandingChannel<Channel>;
  readonly #connection: BrokerConnection;
  readonly #nodeName: string;
  #current: Channel | undefined;
  #full = false;

  constructor(options: {
    readonly nodeName: string;
    readonly connection: BrokerConnection;
    readonly log: Log;
    /** Events can be sent again: the channel is new, or has room again. */
    readonly onWritable: (isNew: boolean) => void;
  }) {
    const { nodeName, connection, log, onWritable } = options;
    this.#nodeName = nodeName;
    this.#connection = connection;
    this.#channel = new StandingChannel<Channel>({
      name: 'events',
      connection,
      log,
      open: () => connection.openChannel(),
      setUp: async (channel) => {
        await declareExchange(connection, exchange, log);
        channel.on('drain', () => {
          this.#full = false;
          if (this.#current === channel) onWritable(false);
        });
        this.#full = false;
        this.#current = channel;
        onWritable(true);
      },
      onDown: () => {
        this.#current = undefined;
      },
      repair: async () => undefined,
    });
  }

  /** Whether an event that is sent now would soon be with the broker. */
  get writable(): boolean {
    return this.#current !== undefined && !this.#full && !this.#connection.blocked;
  }

  start(): void {
    this.#channel.start();
  }

  /** Sends one event, or several as a list. Never throws. @returns whether there was a channel to send it on */
  send(routingKey: string, body: TaskValue): boolean {
    const channel = this.#current;
    if (channel === undefined) return false;
    try {
      const content = Buffer.from(stringifyTaskJson(body));
      this.#full = !channel.publish(exchange.name, routingKey, content, {
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        deliveryMode: 1,
        headers: { hostname: this.#nodeName },
      });
      return true;
    } catch {
      // The channel has just gone, of which it tells a little later.
      this.#current = undefined;
      return false;
    }
  }

  async stop(brokerMs: number): Promise<void> {
    await this.#channel.stop(brokerMs);
  }
}
