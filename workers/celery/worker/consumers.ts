import type { BrokerConnection } from '../../messaging/connection.ts';
import type { Log } from '../../messaging/log.ts';
import { completeQueue, type TaskQueue } from './declare-queue.ts';
import { bindToDelayedDelivery, declareDelayedDelivery } from './delayed-delivery.ts';
import type { TaskDelivery } from './deliveries.ts';
import type { Prefetch } from './prefetch.ts';
import { QueueConsumer } from './queue-consumer.ts';
import type { TaskWorkerEmitter } from './worker-events.ts';

export interface ConsumersOptions {
  readonly nodeName: string;
  readonly connection: BrokerConnection;
  readonly prefetch: Prefetch;
  readonly onDelivery: (delivery: TaskDelivery, consumer: QueueConsumer) => void;
  readonly emitter: TaskWorkerEmitter;
  readonly log: Log;
}

/** The queues that a worker consumes, those included that remote control adds; each subscribes again by itself. */
export class Consumers {
  readonly #options: ConsumersOptions;
  readonly #consumers = new Map<string, QueueConsumer>();
  /** Consumers whose queues delayed messages can reach. */
  readonly #delayable = new WeakSet<QueueConsumer>();

  constructor(options: ConsumersOptions) {
    this.#options = options;
  }

  all(): readonly QueueConsumer[] {
    return [...this.#consumers.values()];
  }

  /** Whether the broker can hold messages for this queue until their time. */
  canDelay(consumer: QueueConsumer): boolean {
    return this.#delayable.has(consumer);
  }

  add(queue: TaskQueue): void {
    if (this.#consumers.has(queue.name)) return;
    const { nodeName, connection, prefetch, onDelivery, emitter, log } = this.#options;
    const consumer = new QueueConsumer({
      queue,
      nodeName,
      connection,
      log,
      prefetch: prefetch.base,
      onDelivery,
      onSubscribed: (each) => {
        emitter.emit('subscribed', { queue: each.queue.name });
        void this.#prepareDelays(each);
      },
      onLost: (each, reason) => {
        prefetch.forget(each);
        this.#delayable.delete(each);
        emitter.emit('unsubscribed', { queue: each.queue.name, reason: reason.message });
      },
    });
    this.#consumers.set(queue.name, consumer);
    consumer.start();
  }

  /** Ends one subscription; what was received from it is still done. @returns whether there was one */
  async remove(name: string, brokerMs: number): Promise<boolean> {
    const consumer = this.#consumers.get(name);
    if (consumer === undefined) return false;
    this.#consumers.delete(name);
    await consumer.retire(brokerMs);
    return true;
  }

  /** Ends all subscriptions. */
  async cancel(brokerMs: number): Promise<void> {
    await Promise.all(this.all().map((consumer) => consumer.cancel(brokerMs)));
  }

  /** Closes all channels; what is not acknowledged goes back. */
  async stop(brokerMs: number): Promise<void> {
    await Promise.all(this.all().map((consumer) => consumer.stop(brokerMs)));
  }

  /**
   * Makes the delayed delivery for a queue, beside its subscription: it has 28 queues, and tasks without a delay need
   * not wait for those. Clients of Celery leave its declaration to the workers.
   */
  async #prepareDelays(consumer: QueueConsumer): Promise<void> {
    const { connection, log } = this.#options;
    try {
      await declareDelayedDelivery(connection);
      await bindToDelayedDelivery(connection, completeQueue(consumer.queue));
      this.#delayable.add(consumer);
    } catch (error) {
      this.#delayable.delete(consumer);
      log.warn(
        { err: error, queue: consumer.queue.name },
        'delayed delivery is not available; tasks wait for their time in the worker',
      );
    }
  }
}
