import { PlatformError } from '../platform/errors.ts';
import type { EventNameOf, EventPayloadOf, Platform, QueueNameOf } from '../platform/platform.ts';
import { topologyOf } from '../platform/topology.ts';
import { Brake } from './brake.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { Connections } from './connections.ts';
import { QueueConsumer } from './consumer.ts';
import type { Delivery } from './delivery.ts';
import { DirectSender } from './direct-sender.ts';
import { MessagingEmitter, type MessagingEventName, type MessagingEvents } from './events.ts';
import type { QueueHandler } from './handlers.ts';
import { handlingChain } from './handling-chain.ts';
import type { MessagingHealth } from './health.ts';
import { InFlight } from './in-flight.ts';
import type { MessageLedger } from './ledger.ts';
import { EventListener } from './listener.ts';
import type { Log } from './log.ts';
import { PlatformPublisher } from './publisher.ts';
import type { Publisher } from './publishing.ts';
import { ReliableSender } from './reliable-sender.ts';
import type { BufferLimits } from './send-buffer.ts';
import { TopologyKeeper } from './topology.ts';

/** The message runtime of one process. */
export interface Messaging<P extends Platform> {
  readonly publisher: Publisher<P>;
  /** Begins to connect, and keeps at it until closed; returns at once. */
  start(): void;
  /** Handles the messages of a queue from now on, before or after `start`. */
  consume<Queue extends QueueNameOf<P>>(queue: Queue, handler: QueueHandler<P, Queue>): void;
  /**
   * Calls back for each occurrence of an event while this process is connected; occurrences meanwhile are missed.
   * @param options.pattern binding pattern of a topic exchange @default every occurrence
   * @returns a function that ends it
   */
  listen<Event extends EventNameOf<P>>(
    event: Event,
    callback: (payload: EventPayloadOf<P, Event>) => void | Promise<void>,
    options?: { readonly pattern?: string },
  ): () => Promise<void>;
  /** Resolves once every published message is confirmed or failed. */
  flush(): Promise<void>;
  health(): MessagingHealth;
  /** @returns a function that removes the listener */
  on<Name extends MessagingEventName>(
    name: Name,
    listener: (event: MessagingEvents[Name]) => void,
  ): () => void;
  /**
   * Stops consuming, lets running handlers finish, hands the rest back, waits for the confirms and disconnects.
   * @param options.graceMs time for all of it, in milliseconds
   */
  close(options: { readonly graceMs: number }): Promise<void>;
}

export interface MessagingOptions<P extends Platform> {
  readonly platform: P;
  readonly connection: ConnectionOptions;
  /** Its methods must settle in bounded time: a publisher and a consumer wait for them. */
  readonly ledger: MessageLedger;
  readonly log: Log;
  /** Names the process in messages and in the broker's lists. */
  readonly service: string;
  /** @default 10 000 messages of 32 MiB together, and 10 000 callers that wait for a place among them */
  readonly limits?: BufferLimits;
  /**
   * Time in milliseconds without any confirm after which messages under way are sent again, one at a time; a queue
   * that does not confirm a message three times in a row refuses it.
   * @default 30 000
   */
  readonly confirmTimeoutMs?: number;
}

/**
 * Makes the message runtime of a process: a publisher, consumers and listeners.
 * @throws PlatformError CONFIG_INVALID for an address of the broker that cannot be read
 */
export function createMessaging<P extends Platform>(options: MessagingOptions<P>): Messaging<P> {
  return new Runtime(options);
}

const defaultLimits: BufferLimits = { messages: 10_000, bytes: 32 * 1024 * 1024, waiters: 10_000 };

class Runtime<P extends Platform> implements Messaging<P> {
  readonly publisher: Publisher<P>;
  readonly #options: MessagingOptions<P>;
  readonly #events: MessagingEmitter;
  readonly #connections: Connections;
  readonly #repair: () => Promise<void>;
  readonly #sender: ReliableSender;
  readonly #settlements: DirectSender;
  readonly #consumers = new Map<string, QueueConsumer>();
  readonly #listeners = new Set<EventListener>();
  #started = false;
  #closed: Promise<void> | undefined;

  constructor(options: MessagingOptions<P>) {
    const { platform, service, ledger, log } = options;
    this.#options = options;
    this.#events = new MessagingEmitter(log);
    const topology = new TopologyKeeper(topologyOf(platform), log, this.#events);
    this.#connections = new Connections({
      connection: options.connection,
      service,
      log,
      events: this.#events,
      prepare: (connection) => topology.assert(connection),
    });
    this.#repair = () =>
      topology.assert(this.#connections.publishing).catch((error) => {
        log.warn({ err: error }, 'the topology could not be declared again');
      });
    const shared = {
      connection: this.#connections.publishing,
      log,
      events: this.#events,
      repair: this.#repair,
      confirmTimeoutMs: options.confirmTimeoutMs ?? 30_000,
    };
    this.#sender = new ReliableSender({ ...shared, limits: options.limits ?? defaultLimits });
    this.#settlements = new DirectSender(shared);
    this.publisher = new PlatformPublisher({ ...shared, platform, service, ledger, sender: this.#sender });
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#connections.start();
    this.#sender.start();
    this.#settlements.start();
    for (const consumer of this.#consumers.values()) consumer.start();
    for (const listener of this.#listeners) listener.start();
  }

  consume<Queue extends QueueNameOf<P>>(queue: Queue, handler: QueueHandler<P, Queue>): void {
    const declaration = this.#options.platform.queues[queue];
    if (declaration === undefined) throw undeclared(`queue ${queue}`);
    if (this.#consumers.has(queue)) {
      throw new PlatformError('PLATFORM_DECLARATION_INVALID', `queue ${queue} has a handler already`);
    }
    const { platform, service, ledger, log } = this.#options;
    const events = this.#events;
    const inFlight = new InFlight(declaration.handlerTimeoutMs);
    const brake = new Brake();
    // The validate layer let nothing but this queue's payload come as far as the handler.
    const handle = handler as (payload: unknown, delivery: Delivery) => Promise<void>;
    const take = handlingChain(handle, {
      queue: declaration,
      retryDelaysMs: platform.retryDelaysMs,
      ledger,
      send: (message, signal) => this.#settlements.send(message, signal),
      repair: this.#repair,
      events,
      log,
      inFlight,
      brake,
    });
    const consumer = new QueueConsumer({
      queue,
      declaration,
      service,
      connection: this.#connections.consuming,
      steadySince: () => this.#connections.steadySince,
      take,
      brake,
      inFlight,
      events,
      log,
      repair: this.#repair,
    });
    this.#consumers.set(queue, consumer);
    this.#connections.useConsuming();
    if (this.#started) consumer.start();
  }

  listen<Event extends EventNameOf<P>>(
    event: Event,
    callback: (payload: EventPayloadOf<P, Event>) => void | Promise<void>,
    options: { readonly pattern?: string } = {},
  ): () => Promise<void> {
    const declaration = this.#options.platform.events[event];
    if (declaration === undefined) throw undeclared(`event ${event}`);
    const listener = new EventListener({
      event,
      declaration,
      pattern: options.pattern ?? '#',
      // The listener parses each payload with the event's own schema.
      callback: callback as (payload: unknown) => void | Promise<void>,
      connection: this.#connections.consuming,
      events: this.#events,
      log: this.#options.log,
      repair: this.#repair,
    });
    this.#listeners.add(listener);
    this.#connections.useConsuming();
    if (this.#started) listener.start();
    return async () => {
      this.#listeners.delete(listener);
      await listener.stop();
    };
  }

  async flush(): Promise<void> {
    await this.#sender.flush();
  }

  health(): MessagingHealth {
    return {
      connected: this.#connections.connected,
      blocked: this.#connections.publishing.blocked,
      queues: [...this.#consumers.values()].map((consumer) => consumer.health()),
      ...this.#sender.load,
    };
  }

  on<Name extends MessagingEventName>(name: Name, listener: (event: MessagingEvents[Name]) => void) {
    return this.#events.on(name, listener);
  }

  async close({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    await this.#closed;
  }

  /** Handlers may publish until they are done, so consumers end before the publisher, and the connections last. */
  async #close(graceMs: number): Promise<void> {
    const deadline = Date.now() + graceMs;
    const left = () => Math.max(0, deadline - Date.now());
    // A broker that is there answers at once; one that is not must not use up the time.
    const brokerMs = Math.min(2_000, graceMs / 20);
    const forHandlers = left() * 0.7;
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.drain(forHandlers, brokerMs)));
    await Promise.all([...this.#listeners].map((listener) => listener.stop(brokerMs)));
    await this.#sender.close(left() * 0.6, brokerMs);
    await this.#settlements.stop(brokerMs);
    await this.#connections.close(brokerMs);
  }
}

function undeclared(what: string): PlatformError {
  return new PlatformError('PLATFORM_DECLARATION_INVALID', `${what} is not declared`);
}
