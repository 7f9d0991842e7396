import type { Channel, ConsumeMessage } from 'amqplib';
import { AckBatch } from './ack-batch.ts';
import type { Received } from './received.ts';

/** What an intake adds to a message: the way back to its channel. */
type Reply = Pick<Received, 'ack' | 'handBack' | 'signal'>;

interface Held {
  readonly message: ConsumeMessage;
  readonly controller: AbortController;
  /** Milliseconds since 1970. */
  readonly since: number;
  started: boolean;
}

/** The deliveries of one consumer channel that are neither acknowledged nor given back. */
export class Intake {
  readonly #channel: Channel;
  readonly #acks: AckBatch<ConsumeMessage>;
  readonly #held = new Set<Held>();

  constructor(channel: Channel) {
    this.#channel = channel;
    this.#acks = new AckBatch((message, allUpTo) => {
      this.#whileOpen(() => channel.ack(message, allUpTo));
    });
  }

  /** How long the oldest of them has been held, in milliseconds; undefined where there is none. */
  get keptMs(): number | undefined {
    const [oldest] = this.#held;
    return oldest && Date.now() - oldest.since;
  }

  /** Takes a delivery in. Its reply works once, and only while the channel is there. */
  hold(message: ConsumeMessage): { readonly reply: Reply; readonly begin: () => boolean } {
    const held: Held = { message, controller: new AbortController(), since: Date.now(), started: false };
    this.#held.add(held);
    return {
      reply: {
        signal: held.controller.signal,
        ack: () => {
          const ours = this.#held.delete(held);
          if (ours) this.#acks.add(message);
          return ours;
        },
        handBack: () => this.#giveBack(held, () => this.#channel.reject(message, true)),
      },
      begin: () => {
        held.started = this.#held.has(held);
        return held.started;
      },
    };
  }

  /** Gives back what nobody began to handle. @returns how many */
  handBackUnstarted(): number {
    const waiting = [...this.#held].filter(({ started }) => !started);
    for (const held of waiting) {
      this.#giveBack(held, () => this.#channel.nack(held.message, false, true));
      held.controller.abort(new Error('given back to the queue'));
    }
    return waiting.length;
  }

  /** Tells the broker at once what is acknowledged so far. */
  flush(): void {
    this.#acks.flush();
  }

  /** The channel is gone, or about to be closed: the broker gives its deliveries to others. @returns how many */
  lose(reason: Error): number {
    const lost = [...this.#held];
    this.#held.clear();
    for (const { controller } of lost) controller.abort(reason);
    return lost.length;
  }

  /**
   * Since RabbitMQ 4.3 a queue counts `basic.reject` towards its delivery limit and `basic.nack` not: the one is for
   * what failed, so that it comes to an end, the other for what nobody tried. Before that it counts both.
   */
  #giveBack(held: Held, send: () => void): void {
    if (!this.#held.delete(held)) return;
    this.#acks.skip(held.message);
    this.#whileOpen(send);
  }

  /** amqplib throws once a channel is closing; its deliveries return to the queue with it. */
  #whileOpen(send: () => void): void {
    try {
      send();
    } catch (error) {
      if (!(error instanceof Error && error.name === 'IllegalOperationError')) throw error;
    }
  }
}
