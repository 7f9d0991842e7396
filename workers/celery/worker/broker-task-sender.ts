import { type BrokerConnection, replyCode } from '../../messaging/connection.ts';
import type { MessagingEmitter } from '../../messaging/events.ts';
import type { Log } from '../../messaging/log.ts';
import { traceHeaders, traceSending } from '../../messaging/message-trace.ts';
import { GrowingDelay } from '../../messaging/pause.ts';
import { ReliableSender } from '../../messaging/reliable-sender.ts';
import { tryOnChannel } from '../../messaging/try-on-channel.ts';
import { type ErrorCode, PlatformError } from '../../platform/errors.ts';
import type { TaskMessage } from '../protocol/task-message.ts';
import type { TaskSender } from '../sending.ts';
import { completeQueue, declareQueue } from './declare-queue.ts';
import { destinationOf } from './delayed-delivery.ts';
import { persist } from './gate.ts';
import { sendable, unsendable } from './sendable.ts';

/** A call of a task that is at the broker. */
export interface SentTask {
  readonly id: string;
  readonly task: string;
  /** The queue, or else the routing key, that it has in the end. */
  readonly queue: string;
}

/** What a worker holds until the broker confirms it. */
const limits = { messages: 10_000, bytes: 64 * 1024 * 1024, waiters: 100_000 };
const confirmTimeoutMs = 30_000;

/** The broker or the queue has no room just now, or is away. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'PUBLISH_REFUSED',
  'PUBLISH_BUFFER_FULL',
  'BROKER_UNAVAILABLE',
]);

/** AMQP's codes for what is wrong with a request, whenever it is repeated. */
const faults: ReadonlySet<number> = new Set([403, 404, 405, 406]);

/**
 * Sends what follows from tasks: it resends what a lost connection left unconfirmed, waits while a queue is full, and
 * declares a queue that does not exist, as Celery's own clients do before they publish.
 */
export class BrokerTaskSender implements TaskSender {
  readonly #connection: BrokerConnection;
  readonly #log: Log;
  readonly #sender: ReliableSender;
  readonly #onSent: (sent: SentTask) => void;
  readonly #closing = new AbortController();
  /** Those that are known to exist; the default exchange always does. */
  readonly #exchanges = new Set(['']);

  /**
   * @param options.events tells when the broker takes messages again
   * @param options.onSent is told of each message that the broker has confirmed; must not throw
   */
  constructor(options: {
    readonly connection: BrokerConnection;
    readonly events: MessagingEmitter;
    readonly log: Log;
    readonly onSent?: ((sent: SentTask) => void) | undefined;
  }) {
    const { connection, events, log, onSent = () => undefined } = options;
    this.#connection = connection;
    this.#log = log;
    this.#onSent = onSent;
    this.#sender = new ReliableSender({
      connection,
      events,
      log,
      limits,
      repair: async () => undefined,
      confirmTimeoutMs,
    });
  }

  start(): void {
    this.#sender.start();
  }

  /** @throws PlatformError TASK_UNSENDABLE, PUBLISH_UNROUTABLE or PUBLISHER_CLOSED */
  async send(message: TaskMessage): Promise<void> {
    const complete = sendable(message);
    const sent = taskOf(complete);
    const send = () => this.#persist(withTrace(complete));
    await traceSending(sent.queue, sent.id, send, complete.properties.headers);
    this.#onSent(sent);
  }

  async #persist(message: TaskMessage): Promise<void> {
    await persist(() => this.#attempt(message), {
      isPassing: (error) => error instanceof PlatformError && passing.has(error.code),
      delay: new GrowingDelay({ firstMs: 100, longestMs: 5_000 }),
      signal: this.#closing.signal,
      onTrouble: (error) =>
        this.#log.warn({ err: error, queue: message.routingKey }, 'a task cannot be sent yet'),
    });
  }

  async close(deadlineMs: number, brokerMs: number): Promise<void> {
    this.#closing.abort();
    await this.#sender.close(deadlineMs, brokerMs);
  }

  async #attempt(message: TaskMessage): Promise<void> {
    await this.#findExchange(message.exchange);
    let result = await this.#transmit(message);
    if (result === 'returned' && message.exchange === '') {
      await this.#declare(message.routingKey);
      result = await this.#transmit(message);
    }
    if (result === 'refused') throw new PlatformError('PUBLISH_REFUSED');
    if (result === 'returned') {
      const text = `no queue is bound for ${message.routingKey}`;
      const details = { exchange: message.exchange, routingKey: message.routingKey };
      throw new PlatformError('PUBLISH_UNROUTABLE', text, { details });
    }
  }

  async #transmit(message: TaskMessage): Promise<'confirmed' | 'returned' | 'refused'> {
    try {
      return await this.#sender.send(message);
    } catch (error) {
      // The sender has tried it by itself: the channel broke of it each time, or it could not be encoded.
      if (!(error instanceof PlatformError && error.code === 'PUBLISH_REFUSED' && isFault(error.cause)))
        throw error;
      if (message.exchange !== '') this.#exchanges.delete(message.exchange);
      throw unsendable(error.cause);
    }
  }

  /** One that does not exist would end the channel on which all others are sent. */
  async #findExchange(exchange: string): Promise<void> {
    if (this.#exchanges.has(exchange)) return;
    await this.#ask(async () => {
      const refusal = await tryOnChannel(this.#connection, (channel) => channel.checkExchange(exchange));
      if (refusal !== undefined) throw refusal;
    });
    this.#exchanges.add(exchange);
  }

  async #declare(queue: string): Promise<void> {
    await this.#ask(() => declareQueue(this.#connection, completeQueue({ name: queue }), this.#log));
  }

  async #ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    try {
      return await question();
    } catch (error) {
      if (isFault(error)) throw unsendable(error);
      if (error instanceof PlatformError) throw error;
      throw new PlatformError('BROKER_UNAVAILABLE', undefined, { cause: error });
    }
  }
}

/** Of a request itself, unlike the end of a connection; what the library cannot encode has no code. */
function isFault(error: unknown): boolean {
  const code = replyCode(error);
  return code === undefined ? error instanceof TypeError || error instanceof RangeError : faults.has(code);
}

/** The message as a part of the trace that it is sent in, whatever trace its headers named before. */
function withTrace(message: TaskMessage): TaskMessage {
  const { properties } = message;
  return {
    ...message,
    properties: { ...properties, headers: { ...properties.headers, ...traceHeaders() } },
  };
}

function taskOf(message: TaskMessage): SentTask {
  const { id, task } = message.properties.headers;
  return { id: String(id), task: String(task), queue: destinationOf(message) };
}
