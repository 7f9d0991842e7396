/** What a batch needs to know of a delivery. */
interface Tagged {
  readonly fields: { readonly deliveryTag: number };
}

/**
 * Acknowledges the deliveries of one channel in batches, one batch per turn of the event loop: those at the front
 * without a gap by one `multiple` acknowledgement, the others one by one.
 *
 * Delivery tags count from 1 on each channel (AMQP 0-9-1, basic.deliver). A `multiple` acknowledgement covers every
 * delivery up to its tag, so it may only be sent once all of them are settled; and its tag must be one that is
 * still unacknowledged, or the broker closes the channel with PRECONDITION_FAILED.
 */
export class AckBatch<M extends Tagged> {
  readonly #acknowledge: (message: M, allUpTo: boolean) => void;
  /** Every delivery up to this tag is settled. */
  #floor = 0;
  /** Settled deliveries above the floor, by tag; `undefined` for those the broker knows of already. */
  readonly #settled = new Map<number, M | undefined>();
  readonly #fresh: M[] = [];

  /** @param acknowledge must not throw */
  constructor(acknowledge: (message: M, allUpTo: boolean) => void) {
    this.#acknowledge = acknowledge;
  }

  /** Acknowledges a delivery in this turn's batch. */
  add(message: M): void {
    this.#settled.set(message.fields.deliveryTag, message);
    if (this.#fresh.push(message) === 1) setImmediate(() => this.flush());
  }

  /** Notes a delivery that was settled otherwise, by a negative acknowledgement. */
  skip(message: M): void {
    this.#settled.set(message.fields.deliveryTag, undefined);
  }

  /** Sends what is waiting, at once. */
  flush(): void {
    this.#acknowledgeFront();
    for (const message of this.#fresh.splice(0)) {
      const tag = message.fields.deliveryTag;
      if (this.#settled.get(tag) === undefined) continue;
      this.#settled.set(tag, undefined);
      this.#acknowledge(message, false);
    }
  }

  #acknowledgeFront(): void {
    let last: M | undefined;
    let count = 0;
    while (this.#settled.has(this.#floor + 1)) {
      this.#floor += 1;
      const message = this.#settled.get(this.#floor);
      this.#settled.delete(this.#floor);
      if (message === undefined) continue;
      last = message;
      count += 1;
    }
    if (last !== undefined) this.#acknowledge(last, count > 1);
  }
}
