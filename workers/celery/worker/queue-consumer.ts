import { randomUUID } from 'node:crypto';
import type { Channel, ConsumeMessage } from 'amqplib';
import { whyCancelled } from '../../messaging/cancellation.ts';
import type { BrokerConnection } from '../../messaging/connection.ts';
import type { Log } from '../../messaging/log.ts';
import { settlesWithin } from '../../messaging/pause.ts';
import { StandingChannel } from '../../messaging/standing-channel.ts';
import { completeQueue, declareQueue, type QueueType, type TaskQueue } from './declare-queue.ts';
import { Deliveries, type TaskDelivery } from './deliveries.ts';
import { mayLimitGlobally } from './global-limits.ts';

export interface QueueConsumerOptions {
  readonly queue: TaskQueue;
  readonly nodeName: string;
  readonly connection: BrokerConnection;
  readonly log: Log;
  /** Unacknowledged messages to begin with. */
  readonly prefetch: number;
  /** Takes a message; must not throw. */
  readonly onDelivery: (delivery: TaskDelivery, consumer: QueueConsumer) => void;
  /** Called for each subscription. */
  readonly onSubscribed: (consumer: QueueConsumer) => void;
  /** Called when the channel is gone, after all its deliveries are lost. */
  readonly onLost: (consumer: QueueConsumer, reason: Error) => void;
}

/** Consumes one queue on a channel of its own, and again on a new one whenever that is gone. */
export class QueueConsumer {
  readonly queue: Required<TaskQueue>;
  readonly #options: QueueConsumerOptions;
  readonly #channel: StandingChannel<Channel>;
  #type: QueueType | undefined;
  #prefetch: number;
  #current: { readonly channel: Channel; readonly deliveries: Deliveries } | undefined;
  #tag: string | undefined;
  #onMessage: (message: ConsumeMessage | null) => void = () => undefined;
  /** The limit that the broker was told last. */
  #applied: number | undefined;
  /** Whether the broker of the last subscription knows global limits, as far as its version tells. */
  #limitsGlobally = true;
  /** Times in a row that the channel did not survive asking for a global limit. */
  #refusals = 0;
  /** Changes of the subscription, one after the other. */
  #changing: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(options: QueueConsumerOptions) {
    const { connection, log } = options;
    this.#options = options;
    this.queue = completeQueue(options.queue);
    this.#prefetch = options.prefetch;
    this.#channel = new StandingChannel<Channel>({
      name: `consumer of ${this.queue.name}`,
      connection,
      log,
      open: () => connection.openChannel(),
      setUp: (channel, fail) => this.#subscribe(channel, fail),
      onDown: (reason) => this.#channelIsGone(reason),
      // Each subscription declares the queue anew.
      repair: async () => undefined,
    });
  }

  /**
   * Where the broker does not tell a queue's type it counts as a quorum queue: what works there works everywhere,
   * while a global prefetch on a quorum queue would end the connection (error 540).
   */
  get type(): QueueType {
    return this.#type ?? 'quorum';
  }

  /** Whether the prefetch can change while messages are held, so that each that waits for its time makes room for one more. */
  get adjustable(): boolean {
    return this.type === 'classic' && this.#limitsGlobally && this.#refusals < 2;
  }

  get subscribed(): boolean {
    return this.#tag !== undefined && !this.#stopping;
  }

  get prefetch(): number {
    return this.#prefetch;
  }

  start(): void {
    this.#channel.start();
  }

  /** How many messages may be unacknowledged from now on, at least 1. */
  setPrefetch(count: number): void {
    const prefetch = Math.max(1, count);
    if (prefetch === this.#prefetch) return;
    this.#prefetch = prefetch;
    this.#changing = this.#changing.then(() => this.#applyPrefetch()).catch(() => undefined);
  }

  /** Ends the subscription; the deliveries stay as they are, and can still be acknowledged. */
  async cancel(brokerMs: number): Promise<void> {
    this.#stopping = true;
    const [current, tag] = [this.#current, this.#tag];
    this.#tag = undefined;
    if (current === undefined || tag === undefined) return;
    await settlesWithin(
      current.channel.cancel(tag).catch(() => undefined),
      brokerMs,
    );
  }

  /** Ends the subscription, and the channel once all deliveries are settled. */
  async retire(brokerMs: number): Promise<void> {
    await this.cancel(brokerMs);
    const end = () => void this.stop(brokerMs);
    if (this.#current === undefined) end();
    else this.#current.deliveries.whenSettled(end);
  }

  /** Closes the channel; what is not acknowledged goes back to the queue. */
  async stop(brokerMs: number): Promise<void> {
    this.#stopping = true;
    this.#current?.deliveries.flush();
    await this.#channel.stop(brokerMs);
  }

  async #subscribe(channel: Channel, fail: (reason: Error) => void): Promise<void> {
    const { connection, log, onDelivery, onSubscribed } = this.#options;
    if (this.#stopping) return;
    this.#limitsGlobally = mayLimitGlobally(connection.brokerVersion);
    this.#type = await declareQueue(connection, this.queue, log);
    const deliveries = new Deliveries(channel, this.queue.name);
    this.#current = { channel, deliveries };
    this.#onMessage = (message) => {
      if (message === null) void this.#cancelled(deliveries, fail);
      else onDelivery(deliveries.hold(message), this);
    };
    await this.#consume(channel);
    if (this.#applied !== this.#prefetch) await this.#applyPrefetch();
    onSubscribed(this);
  }

  /** What the broker took back is others' now, and the rest goes back with the channel. */
  async #cancelled(deliveries: Deliveries, fail: (reason: Error) => void): Promise<void> {
    const { keptMs } = deliveries;
    deliveries.lose(new Error('the broker cancelled the subscription'));
    fail(await whyCancelled(this.#options.connection, this.queue.name, keptMs));
  }

  async #consume(channel: Channel): Promise<void> {
    if (this.#stopping) return;
    await this.#limit(channel);
    const consumerTag = `${this.#options.nodeName}.${this.queue.name}.${randomUUID()}`;
    await channel.consume(this.queue.name, this.#onMessage, { consumerTag });
    this.#tag = consumerTag;
  }

  /** Celery's limit counts over all consumers of a channel; a quorum queue only knows one for each consumer. */
  async #limit(channel: Channel): Promise<void> {
    const count = this.#prefetch;
    if (this.adjustable) {
      // Where global limits are switched off (RabbitMQ 4.0 to 4.2), asking for one ends the channel or the connection.
      this.#refusals += 1;
      await channel.prefetch(count, true);
      this.#refusals = 0;
    } else {
      await channel.prefetch(count);
    }
    this.#applied = count;
  }

  /** The limit of a consumer only counts for those that subscribe after it was set. */
  async #applyPrefetch(): Promise<void> {
    const { channel } = this.#current ?? {};
    const tag = this.#tag;
    if (channel === undefined || tag === undefined || this.#stopping) return;
    if (this.adjustable) {
      await this.#limit(channel);
    } else {
      await channel.cancel(tag);
      await this.#consume(channel);
    }
  }

  #channelIsGone(reason: Error): void {
    this.#tag = undefined;
    this.#current?.deliveries.lose(reason);
    this.#current = undefined;
    if (this.#stopping) void this.#channel.stop(0);
    else this.#options.onLost(this, reason);
  }
}
