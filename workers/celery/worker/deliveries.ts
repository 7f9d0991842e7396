import type { Channel, ConsumeMessage } from 'amqplib';
import { AckBatch } from '../../messaging/ack-batch.ts';

/** One message on the channel that it came on; a delivery tag means nothing on any other. */
export interface TaskDelivery {
  readonly message: ConsumeMessage;
  /** The queue it was consumed from. */
  readonly queue: string;
  /** Aborted when the channel is gone: the broker then gives the message to somebody. */
  readonly lost: AbortSignal;
  /** Neither acknowledged, rejected nor lost. */
  readonly open: boolean;
  /** Each of these works once, and does nothing afterwards or when the channel is gone. @returns whether it did */
  ack(): boolean;
  /** As failed to the dead letters, where the queue has such, or back to the queue, which counts how often. */
  reject(requeue: boolean): boolean;
  /** Back to the queue as it came, because nobody tried it. RabbitMQ counts that too before 4.3. */
  giveBack(): boolean;
}

interface Held {
  readonly message: ConsumeMessage;
  readonly controller: AbortController;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** The deliveries of one channel that are not settled. */
export class Deliveries {
  readonly #channel: Channel;
  readonly #queue: string;
  readonly #acks: AckBatch<ConsumeMessage>;
  readonly #held = new Set<Held>();
  #onSettled: (() => void) | undefined;

  constructor(channel: Channel, queue: string) {
    this.#channel = channel;
    this.#queue = queue;
    this.#acks = new AckBatch((message, allUpTo) => {
      this.#whileOpen(() => channel.ack(message, allUpTo));
    });
  }

  /** How long the oldest of them has been held, in milliseconds; undefined where there is none. */
  get keptMs(): number | undefined {
    const [oldest] = this.#held;
    return oldest && Date.now() - oldest.since;
  }

  /** Calls back once when no delivery is unsettled any more. */
  whenSettled(callback: () => void): void {
    this.#onSettled = callback;
    this.#tellIfSettled();
  }

  hold(message: ConsumeMessage): TaskDelivery {
    const held: Held = { message, controller: new AbortController(), since: Date.now() };
    const all = this.#held;
    all.add(held);
    const settle = (send: () => void) => {
      if (!all.delete(held)) return false;
      this.#acks.skip(message);
      this.#whileOpen(send);
      this.#tellIfSettled();
      return true;
    };
    return {
      message,
      queue: this.#queue,
      lost: held.controller.signal,
      get open() {
        return all.has(held);
      },
      ack: () => {
        const ours = all.delete(held);
        if (!ours) return false;
        this.#acks.add(message);
        this.#tellIfSettled();
        return true;
      },
      reject: (requeue) => settle(() => this.#channel.reject(message, requeue)),
      giveBack: () => settle(() => this.#channel.nack(message, false, true)),
    };
  }

  /** Tells the broker at once what is acknowledged so far. */
  flush(): void {
    this.#acks.flush();
  }

  /** The channel is gone, or about to be closed. @returns how many deliveries the broker gives to others */
  lose(reason: Error): number {
    const lost = [...this.#held];
    this.#held.clear();
    for (const { controller } of lost) controller.abort(reason);
    return lost.length;
  }

  #tellIfSettled(): void {
    if (this.#held.size > 0 || this.#onSettled === undefined) return;
    const tell = this.#onSettled;
    this.#onSettled = undefined;
    tell();
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
