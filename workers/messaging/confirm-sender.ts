import type { ConfirmChannel, Message, Options } from 'amqplib';
import { PlatformError } from '../platform/errors.ts';
import { wideIntegers } from './wide-integers.ts';

/** A message on its way to the broker. */
export interface Outgoing {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: Options.Publish;
}

/**
 * What became of a message:
 * - `confirmed`: it is stored in every queue it was routed to
 * - `returned`: it was mandatory and no queue is bound for it
 * - `refused`: the broker did not take it (negative confirm), e.g. because the queue is full
 * - `lost`: the channel ended first; it may or may not have arrived
 */
export type SendResult = 'confirmed' | 'returned' | 'refused' | 'lost';

const looksPerTimeout = 4;

interface Sent {
  readonly message: Outgoing;
  readonly onResult: (result: SendResult) => void;
  returned: boolean;
}

/** When to believe that a channel will confirm nothing any more. */
export interface StallWatch {
  /** Time without any confirm while messages are under way, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether the broker said that it takes no messages for now. */
  readonly isBlocked: () => boolean;
  /** Called once, with BROKER_UNAVAILABLE. */
  readonly onStall: (error: PlatformError) => void;
}

/**
 * Sends messages over one confirm channel without waiting between them, and tells what became of each.
 *
 * A queue that lost its quorum, or hangs, confirms nothing and says nothing, and can keep the whole channel
 * waiting for it. The watch finds that out.
 */
export class ConfirmSender {
  readonly #channel: ConfirmChannel;
  readonly #sent = new Set<Sent>();
  #progress = 0;
  #watch: NodeJS.Timeout | undefined;

  constructor(channel: ConfirmChannel, watch?: StallWatch) {
    this.#channel = channel;
    channel.on('return', (message: Message) => this.#markReturned(message));
    if (watch !== undefined) this.#watchForStall(watch);
  }

  /** Calls back once. @throws TypeError or RangeError when the properties cannot be encoded; nothing is sent then */
  send(message: Outgoing, onResult: (result: SendResult) => void): void {
    const entry: Sent = { message, onResult, returned: false };
    const { exchange, routingKey, content, properties } = message;
    const options = { ...properties, headers: wideIntegers(properties.headers ?? {}) };
    try {
      this.#channel.publish(exchange, routingKey, content, options, (error: unknown) => {
        this.#progress += 1;
        if (this.#sent.delete(entry)) onResult(resultOf(entry, error));
      });
    } catch (error) {
      // amqplib refuses so once the channel is closing; its close event may still be on its way.
      if (!(error instanceof Error && error.name === 'IllegalOperationError')) throw error;
      setImmediate(() => onResult('lost'));
      return;
    }
    this.#sent.add(entry);
  }

  /** Ends the watch and counts everything under way as lost, whatever the channel may say later. */
  abandon(): void {
    clearInterval(this.#watch);
    const lost = [...this.#sent];
    this.#sent.clear();
    for (const { onResult } of lost) onResult('lost');
  }

  #watchForStall({ timeoutMs, isBlocked, onStall }: StallWatch): void {
    let seen = this.#progress;
    let quietLooks = 0;
    // Looks are counted, not time: the event loop itself may have been kept busy.
    this.#watch = setInterval(() => {
      const isQuiet = this.#sent.size > 0 && this.#progress === seen && !isBlocked();
      seen = this.#progress;
      quietLooks = isQuiet ? quietLooks + 1 : 0;
      if (quietLooks <= looksPerTimeout) return;
      clearInterval(this.#watch);
      onStall(new PlatformError('BROKER_UNAVAILABLE', `the broker confirmed nothing for ${timeoutMs} ms`));
    }, timeoutMs / looksPerTimeout);
  }

  /**
   * The broker returns an unroutable message before it confirms it (RabbitMQ documentation, "Publisher confirms").
   * Several copies of one message share their fate, so the oldest copy that fits is the one.
   */
  #markReturned(message: Message): void {
    for (const entry of this.#sent) {
      const { exchange, routingKey, properties } = entry.message;
      if (
        !entry.returned &&
        properties.messageId === message.properties.messageId &&
        routingKey === message.fields.routingKey &&
        exchange === message.fields.exchange
      ) {
        entry.returned = true;
        return;
      }
    }
  }
}

function resultOf(entry: Sent, error: unknown): SendResult {
  if (error === null || error === undefined) return entry.returned ? 'returned' : 'confirmed';
  // amqplib has no other mark for a negative confirm; any other error means that the channel ended.
  return error instanceof Error && error.message === 'message nacked' ? 'refused' : 'lost';
}
