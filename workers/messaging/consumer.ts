import { randomUUID } from 'node:crypto';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { QueueDeclaration } from '../platform/queues.ts';
import type { Brake } from './brake.ts';
import { whyCancelled } from './cancellation.ts';
import type { BrokerConnection } from './connection.ts';
import type { MessagingEmitter } from './events.ts';
import type { QueueHealth } from './health.ts';
import type { InFlight } from './in-flight.ts';
import { Intake } from './intake.ts';
import type { Take } from './layers/settle.ts';
import type { Log } from './log.ts';
import { settlesWithin } from './pause.ts';
import { readMessage } from './received.ts';
import { StandingChannel } from './standing-channel.ts';

export interface ConsumerOptions {
  readonly queue: string;
  readonly declaration: QueueDeclaration;
  readonly service: string;
  readonly connection: BrokerConnection;
  /** Since when the broker has been well, in milliseconds since 1970; undefined while it is not. */
  readonly steadySince: () => number | undefined;
  /** Handles a delivery to its end. */
  readonly take: Take;
  readonly brake: Brake;
  readonly inFlight: InFlight;
  readonly events: MessagingEmitter;
  readonly log: Log;
  readonly repair: () => Promise<void>;
}

/** A subscription to one queue, on a channel of its own, that is renewed whenever it ends. */
export class QueueConsumer {
  readonly #options: ConsumerOptions;
  readonly #channel: StandingChannel<Channel>;
  readonly #active = new Set<Promise<void>>();
  readonly #consumerTag: string;
  #intake: Intake | undefined;
  #subscribed: Channel | undefined;
  #draining = false;

  constructor(options: ConsumerOptions) {
    const { queue, connection, log, repair } = options;
    this.#options = options;
    this.#consumerTag = `${options.service}.${queue}.${randomUUID()}`;
    this.#channel = new StandingChannel<Channel>({
      name: `consumer of ${queue}`,
      connection,
      log,
      repair,
      open: () => connection.openChannel(),
      setUp: (channel, fail) => this.#subscribe(channel, fail),
      onDown: (reason) => this.#channelIsGone(reason),
    });
  }

  start(): void {
    this.#channel.start();
  }

  health(): QueueHealth {
    const { queue, inFlight, steadySince } = this.#options;
    const subscribed = this.#subscribed !== undefined && !this.#draining;
    return { queue, subscribed, ...inFlight.health(steadySince()) };
  }

  /**
   * Ends the subscription: no delivery begins any more, those not begun go back at once, those under way may
   * finish until the deadline; what is left then is aborted and goes back with the channel.
   * @param brokerMs how long to wait for each answer of the broker
   */
  async drain(deadlineMs: number, brokerMs: number): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    this.#draining = true;
    const cancelled = this.#subscribed?.cancel(this.#consumerTag).catch(() => undefined);
    if (cancelled !== undefined) await settlesWithin(cancelled, brokerMs);
    // Not before the subscription has ended, or the broker would send them here again.
    let handedBack = this.#intake?.handBackUnstarted() ?? 0;
    await settlesWithin(Promise.all(this.#active), deadline - Date.now());
    this.#intake?.flush();
    handedBack += this.#intake?.lose(new Error('the service is shutting down')) ?? 0;
    await this.#channel.stop(brokerMs);
    if (handedBack > 0)
      this.#options.events.emit('handedBack', { queue: this.#options.queue, count: handedBack });
  }

  async #subscribe(channel: Channel, fail: (reason: Error) => void): Promise<void> {
    const { queue, declaration, events } = this.#options;
    const intake = new Intake(channel);
    this.#intake = intake;
    await channel.prefetch(declaration.prefetch);
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null) void this.#cancelled(intake, fail);
      else this.#receive(message, intake);
    };
    await channel.consume(queue, onMessage, { consumerTag: this.#consumerTag });
    this.#subscribed = channel;
    events.emit('subscribed', { name: queue });
  }

  /** What the broker took back is others' now, and the rest goes back with the channel. */
  async #cancelled(intake: Intake, fail: (reason: Error) => void): Promise<void> {
    const { queue, connection } = this.#options;
    const { keptMs } = intake;
    intake.lose(new Error('the broker cancelled the subscription'));
    fail(await whyCancelled(connection, queue, keptMs));
  }

  #channelIsGone(reason: Error): void {
    const wasSubscribed = this.#subscribed !== undefined;
    this.#subscribed = undefined;
    this.#intake?.lose(reason);
    this.#intake = undefined;
    const { queue: name, events } = this.#options;
    if (wasSubscribed) events.emit('unsubscribed', { name, reason: reason.message });
  }

  #receive(message: ConsumeMessage, intake: Intake): void {
    const handling = this.#handle(message, intake).finally(() => this.#active.delete(handling));
    this.#active.add(handling);
  }

  /** Never fails: an error of our own gives the delivery back, and the broker counts how often. */
  async #handle(message: ConsumeMessage, intake: Intake): Promise<void> {
    const { queue, declaration, brake, take, log } = this.#options;
    const { reply, begin } = intake.hold(message);
    try {
      await brake.released(reply.signal);
      if (!this.#draining && begin()) await take(readMessage(queue, declaration, message, reply));
    } catch (error) {
      log.error({ err: error, queue }, 'a delivery could not be settled and is given back');
      reply.handBack();
    }
  }
}
