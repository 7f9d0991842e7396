import type { ConfirmChannel, Message, Options } from 'amqplib';

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

interface Sent {
  readonly message: Outgoing;
  returned: boolean;
}

/** Sends messages over one confirm channel without waiting between them, and tells what became of each. */
export class ConfirmSender {
  readonly #channel: ConfirmChannel;
  readonly #sent = new Set<Sent>();

  constructor(channel: ConfirmChannel) {
    this.#channel = channel;
    channel.on('return', (message: Message) => this.#markReturned(message));
  }

  /** Calls back once. @throws TypeError or RangeError when the properties cannot be encoded; nothing is sent then */
  send(message: Outgoing, onResult: (result: SendResult) => void): void {
    const entry: Sent = { message, returned: false };
    const { exchange, routingKey, content, properties } = message;
    try {
      this.#channel.publish(exchange, routingKey, content, properties, (error: unknown) => {
        this.#sent.delete(entry);
        onResult(resultOf(entry, error));
      });
    } catch (error) {
      // amqplib refuses so once the channel is closing; its close event may still be on its way.
      if (!(error instanceof Error && error.name === 'IllegalOperationError')) throw error;
      setImmediate(() => onResult('lost'));
      return;
    }
    this.#sent.add(entry);
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
