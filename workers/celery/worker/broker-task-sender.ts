import type { BrokerConnection } from '../../messaging/connection.ts';
import type { MessagingEmitter } from '../../messaging/events.ts';
import type { Log } from '../../messaging/log.ts';
import { traceHeaders, traceSending } from '../../messaging/message-trace.ts';
import { GrowingDelay } from '../../messaging/pause.ts';
import { ReliableSender } from '../../messaging/reliable-sender.ts';
import { type ErrorCode, PlatformError } from '../../platform/errors.ts';
import type { TaskMessage } from '../protocol/task-message.ts';
import type { TaskSender } from '../sending.ts';
import { completeQueue, declareQueue } from './declare-queue.ts';
import { destinationOf } from './delayed-delivery.ts';
import { persist } from './gate.ts';

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

/** The broker or the queue has no room just now. */
const passing: ReadonlySet<ErrorCode> = new Set(['PUBLISH_REFUSED', 'PUBLISH_BUFFER_FULL']);

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

  async send(message: TaskMessage): Promise<void> {
    const { correlationId, headers } = message.properties;
    const send = () => this.#persist(withTrace(message));
    await traceSending(destinationOf(message), correlationId, send, headers);
    this.#onSent(taskOf(message));
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
    let result = await this.#sender.send(message);
    if (result === 'returned' && message.exchange === '') {
      await declareQueue(this.#connection, completeQueue({ name: message.routingKey }), this.#log);
      result = await this.#sender.send(message);
    }
    if (result === 'refused') throw new PlatformError('PUBLISH_REFUSED');
    if (result === 'returned') {
      const text = `no queue is bound for ${message.routingKey}`;
      const details = { exchange: message.exchange, routingKey: message.routingKey };
      throw new PlatformError('PUBLISH_UNROUTABLE', text, { details });
    }
  }
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
  const { correlationId: id, headers } = message.properties;
  return { id, task: String(headers['task']), queue: destinationOf(message) };
}
