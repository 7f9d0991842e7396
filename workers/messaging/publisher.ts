import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { PlatformError } from '../platform/errors.ts';
import type { EventNameOf, EventPayloadOf, PayloadOf, Platform, QueueNameOf } from '../platform/platform.ts';
import type { Outgoing } from './confirm-sender.ts';
import type { MessagingEmitter } from './events.ts';
import type { MessageLedger } from './ledger.ts';
import type { Log } from './log.ts';
import { publishedAtHeader } from './message-headers.ts';
import { traceHeaders, traceSending } from './message-trace.ts';
import type { Publisher, PublishOptions } from './publishing.ts';
import type { ReliableSender } from './reliable-sender.ts';
import { schemaProblems } from './schema-problems.ts';

/** Publishes to the declared queues and events, checked against their schemas. */
export class PlatformPublisher<P extends Platform> implements Publisher<P> {
  readonly #platform: P;
  readonly #service: string;
  readonly #sender: ReliableSender;
  readonly #ledger: MessageLedger;
  readonly #log: Log;
  readonly #events: MessagingEmitter;
  readonly #repair: () => Promise<void>;

  /** @param options.repair declares the topology again, after the broker had no queue for a message; never fails */
  constructor(options: {
    readonly platform: P;
    readonly service: string;
    readonly sender: ReliableSender;
    readonly ledger: MessageLedger;
    readonly log: Log;
    readonly events: MessagingEmitter;
    readonly repair: () => Promise<void>;
  }) {
    this.#platform = options.platform;
    this.#service = options.service;
    this.#sender = options.sender;
    this.#ledger = options.ledger;
    this.#log = options.log;
    this.#events = options.events;
    this.#repair = options.repair;
  }

  async publish<Queue extends QueueNameOf<P>>(
    queue: Queue,
    payload: PayloadOf<P, Queue>,
    { messageId, signal }: PublishOptions,
  ): Promise<void> {
    const declaration = this.#platform.queues[queue];
    if (declaration === undefined) throw undeclared(`queue ${queue}`);
    if (messageId === '' || Buffer.byteLength(messageId) > 255) {
      throw new PlatformError('MESSAGE_SCHEMA_INVALID', 'a message id has 1 to 255 bytes', {
        details: { queue },
      });
    }
    const content = encode(`queue ${queue}`, declaration.payload, payload);
    if (content.length > declaration.maxPayloadBytes) throw tooLarge(queue, content.length, declaration);
    const properties = { messageId, persistent: true, mandatory: true };
    try {
      await traceSending(queue, messageId, async () => {
        const { exchange, routingKey = queue } = declaration;
        await this.#deliver(this.#message(exchange, routingKey, content, properties), signal);
      });
    } catch (error) {
      if (error instanceof PlatformError) {
        this.#events.emit('publishFailed', { queue, messageId, code: error.code });
      }
      throw error;
    }
    await this.#account(queue, messageId);
    this.#events.emit('published', { queue, messageId });
  }

  async announce<Event extends EventNameOf<P>>(
    event: Event,
    payload: EventPayloadOf<P, Event>,
  ): Promise<void> {
    const declaration = this.#platform.events[event];
    if (declaration === undefined) throw undeclared(`event ${event}`);
    const content = encode(`event ${event}`, declaration.payload, payload);
    const message = this.#message(declaration.exchange, declaration.routingKey(payload), content, {
      messageId: randomUUID(),
      persistent: false,
      mandatory: false,
    });
    await this.#deliver(message);
    this.#events.emit('announced', { event });
  }

  async #deliver(message: Outgoing, signal?: AbortSignal): Promise<void> {
    const result = await this.#sender.send(message, signal);
    if (result === 'confirmed') return;
    if (result === 'refused') throw new PlatformError('PUBLISH_REFUSED');
    // Whoever tries again then finds the topology restored, where it can be.
    void this.#repair();
    throw new PlatformError('PUBLISH_UNROUTABLE', `no queue is bound for ${message.routingKey}`, {
      details: { exchange: message.exchange, routingKey: message.routingKey },
    });
  }

  /**
   * Counts the message as published. The broker has it already, so a ledger that fails fails nobody: a consumer
   * that receives a message the ledger does not know has it counted then.
   */
  async #account(queue: string, messageId: string): Promise<void> {
    try {
      await this.#ledger.published(queue, messageId);
    } catch (error) {
      this.#log.warn({ err: error, queue, messageId }, 'a published message is not in the ledger yet');
    }
  }

  #message(
    exchange: string,
    routingKey: string,
    content: Buffer,
    properties: { readonly messageId: string; readonly persistent: boolean; readonly mandatory: boolean },
  ): Outgoing {
    const now = Date.now();
    return {
      exchange,
      routingKey,
      content,
      properties: {
        ...properties,
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        timestamp: Math.floor(now / 1000),
        appId: this.#service,
        headers: { ...traceHeaders(), [publishedAtHeader]: now },
      },
    };
  }
}

function encode(target: string, schema: z.ZodType, payload: unknown): Buffer {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return Buffer.from(JSON.stringify(parsed.data));
  const problems = schemaProblems(parsed.error);
  throw new PlatformError(
    'MESSAGE_SCHEMA_INVALID',
    `the payload does not fit ${target}: ${problems.join('; ')}`,
    {
      details: { target, problems },
    },
  );
}

function tooLarge(queue: string, bytes: number, { maxPayloadBytes }: { maxPayloadBytes: number }) {
  const text = `the payload has ${bytes} bytes; queue ${queue} takes ${maxPayloadBytes}`;
  return new PlatformError('MESSAGE_TOO_LARGE', text, { details: { queue, bytes, maxPayloadBytes } });
}

function undeclared(what: string): PlatformError {
  return new PlatformError('PLATFORM_DECLARATION_INVALID', `${what} is not declared`);
}
