import type { Channel, ConsumeMessage } from 'amqplib';
import type { EventDeclaration } from '../platform/events.ts';
import type { BrokerConnection } from './connection.ts';
import type { MessagingEmitter } from './events.ts';
import type { Log } from './log.ts';
import { StandingChannel } from './standing-channel.ts';

/** Occurrences that a listener works at together, and that wait for it at the broker at most. */
const prefetch = 100;
const longestQueue = 10_000;

/**
 * A classic queue, named so because the virtual host's default type is quorum. It is exclusive: it belongs to one
 * connection and goes with it. A listener that is too slow misses the oldest occurrences rather than filling the broker.
 */
const queueOptions = {
  exclusive: true,
  autoDelete: true,
  durable: false,
  arguments: { 'x-queue-type': 'classic', 'x-max-length': longestQueue },
};

export interface ListenerOptions {
  readonly event: string;
  readonly declaration: EventDeclaration;
  readonly pattern: string;
  readonly callback: (payload: unknown) => void | Promise<void>;
  readonly connection: BrokerConnection;
  readonly events: MessagingEmitter;
  readonly log: Log;
  readonly repair: () => Promise<void>;
}

/** Listens to an event with a queue of its own, which is made again after each loss of the connection. */
export class EventListener {
  readonly #options: ListenerOptions;
  readonly #channel: StandingChannel<Channel>;

  constructor(options: ListenerOptions) {
    const { event, connection, log, events, repair } = options;
    this.#options = options;
    this.#channel = new StandingChannel<Channel>({
      name: `listener to ${event}`,
      connection,
      log,
      repair,
      open: () => connection.openChannel(),
      setUp: (channel, fail) => this.#subscribe(channel, fail),
      onDown: (reason) => events.emit('unsubscribed', { name: event, reason: reason.message }),
    });
  }

  start(): void {
    this.#channel.start();
  }

  async stop(closeMs?: number): Promise<void> {
    await this.#channel.stop(closeMs);
  }

  async #subscribe(channel: Channel, fail: (reason: Error) => void): Promise<void> {
    const { event, declaration, pattern, events } = this.#options;
    await channel.prefetch(prefetch);
    const { queue } = await channel.assertQueue('', queueOptions);
    await channel.bindQueue(queue, declaration.exchange, pattern);
    await channel.consume(queue, (message) => {
      if (message === null) fail(new Error('the broker cancelled the subscription'));
      else void this.#receive(channel, message);
    });
    events.emit('subscribed', { name: event });
  }

  async #receive(channel: Channel, message: ConsumeMessage): Promise<void> {
    const { event, declaration, callback, log } = this.#options;
    try {
      await callback(declaration.payload.parse(JSON.parse(message.content.toString())));
    } catch (error) {
      log.warn({ err: error, event }, 'an event could not be handled and is passed over');
    }
    try {
      channel.ack(message);
    } catch {
      // The channel is gone, and its queue with it.
    }
  }
}
