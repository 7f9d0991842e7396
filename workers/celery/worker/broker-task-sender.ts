import type { BrokerConnection } from '../../messaging/connection.ts';
import type { MessagingEmitter } from '../../messaging/events.ts';
import type { Log } from '../../messaging/log.ts';
import { GrowingDelay } from '../../messaging/pause.ts';
import { ReliableSender } from '../../messaging/reliable-sender.ts';
import { type ErrorCode, PlatformError } from '../../platform/errors.ts';
import type { TaskMessage } from '../protocol/task-message.ts';
import type { TaskSender } from '../sending.ts';
import { completeQueue, declareQueue } from './declare-queue.ts';
import { persist } from './gate.ts';

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
  readonly #closing = new AbortController();

  /** @param options.events tells when the broker takes messages again */
  constructor(options: {
    readonly connection: BrokerConnection;
    readonly events: MessagingEmitter;
    readonly log: Log;
  }) {
    this.#connection = options.connection;
    this.#log = options.log;
    this.#sender = new ReliableSender({
      ...options,
      limits,
      repair: async () => undefined,
      confirmTimeoutMs,
    });
  }

  start(): void {
    this.#sender.start();
  }

  async send(message: TaskMessage): Promise<void> {
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
