import type { QueueConsumer } from './queue-consumer.ts';

/** What a worker holds for its time at most, from one queue whose prefetch can grow with it (`worker_eta_task_limit`). */
const mostHeld = 10_000;

/**
 * How many messages each consumer may hold. Celery raises the limit by one for each task that waits for its time,
 * which needs a limit that can change; on quorum queues the limit stands and only part of it may wait.
 */
export class Prefetch {
  readonly #multiplier: number;
  #slots: number;
  readonly #held = new Map<QueueConsumer, number>();
  readonly #changed = new Set<QueueConsumer>();

  constructor(slots: number, multiplier: number) {
    this.#slots = slots;
    this.#multiplier = multiplier;
  }

  /** The limit of a consumer of which nothing waits for its time. */
  get base(): number {
    return Math.max(1, this.#slots * this.#multiplier);
  }

  /** The number of slots has changed. */
  resize(slots: number, consumers: Iterable<QueueConsumer>): void {
    this.#slots = slots;
    for (const consumer of consumers) this.#applySoon(consumer);
  }

  hasRoomToHold(consumer: QueueConsumer): boolean {
    const held = this.#held.get(consumer) ?? 0;
    const room = consumer.adjustable ? mostHeld : Math.floor((this.base - this.#slots) / 2);
    return held < room;
  }

  /** One more job of a consumer waits for its time. @returns a function to call once when it no longer does */
  hold(consumer: QueueConsumer): () => void {
    this.#add(consumer, 1);
    let held = true;
    return () => {
      if (held) this.#add(consumer, -1);
      held = false;
    };
  }

  forget(consumer: QueueConsumer): void {
    this.#held.delete(consumer);
  }

  #add(consumer: QueueConsumer, by: number): void {
    this.#held.set(consumer, Math.max(0, (this.#held.get(consumer) ?? 0) + by));
    if (consumer.adjustable) this.#applySoon(consumer);
  }

  /** Many jobs often come due at once; the broker hears of it once. */
  #applySoon(consumer: QueueConsumer): void {
    if (this.#changed.size === 0) setImmediate(() => this.#apply());
    this.#changed.add(consumer);
  }

  #apply(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const consumer of changed) {
      const held = consumer.adjustable ? (this.#held.get(consumer) ?? 0) : 0;
      consumer.setPrefetch(this.base + held);
    }
  }
}
