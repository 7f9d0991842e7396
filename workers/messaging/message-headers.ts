import type { MessageProperties, Options } from 'amqplib';
import { fitHeaders, shortString } from './header-table.ts';

/** Counts the attempts at a message from 1. */
export const attemptHeader = 'x-attempt';
/** Counts how often a message was postponed. */
export const postponedHeader = 'x-postponed';
/** When a message was first published, in milliseconds since 1970; AMQP's own timestamp knows only seconds. */
export const publishedAtHeader = 'x-published-at-ms';
/** Counts how often a quorum queue took a delivery back; the broker's. */
const deliveryCountHeader = 'x-delivery-count';

/**
 * The largest header table we publish, in bytes. It must fit one frame together with the other properties
 * (131072 bytes unless a broker is configured otherwise), and the client library's buffer of 65536 bytes.
 */
const headerBudgetBytes = 32 * 1024;

/**
 * Headers that must not travel on when a message is published again: what the broker itself says about a message,
 * and the additional routing keys of its first publisher, which would send a copy to other queues.
 */
const notCarried = /^(CC|BCC|x-death|x-(first|last)-death-.+|x-delivery-count|x-acquired-count)$/;

/** The attempt a delivery is, from a header that anybody may have written. */
export function attemptOf(headers: Readonly<Record<string, unknown>>, maxAttempts: number): number {
  return Math.min(Math.max(counter(headers[attemptHeader]), 1), maxAttempts);
}

/** How often a message was postponed, from a header that anybody may have written. */
export function postponementsOf(headers: Readonly<Record<string, unknown>>): number {
  return Math.min(counter(headers[postponedHeader]), 1_000_000);
}

/** How often the broker took the message back after a delivery; 0 where it does not say. */
export function deliveryCountOf(headers: Readonly<Record<string, unknown>>): number {
  return counter(headers[deliveryCountHeader]);
}

/** When the message was first published, as exactly as its publisher said; undefined if not or nonsense. */
export function publishedAtOf(properties: MessageProperties): Date | undefined {
  const headers: Readonly<Record<string, unknown>> = properties.headers ?? {};
  const ms = counter(headers[publishedAtHeader]) || counter(properties.timestamp) * 1000;
  // The range of Date; beyond it a date is invalid.
  return ms > 0 && ms <= 8.64e15 ? new Date(ms) : undefined;
}

/** What a message keeps when it is published again. */
export interface CarriedProperties {
  readonly properties: Options.Publish;
  /** Names of headers that did not fit or cannot be encoded. */
  readonly dropped: readonly string[];
}

/**
 * The properties under which a received message is published again, durably and as the same message.
 *
 * Left out are properties the broker acts on: `user_id` must be the publishing user's, `reply_to` may name a
 * pseudo-queue that only its own channel has (both are PRECONDITION_FAILED otherwise), and `expiration`
 * is each hop's own.
 *
 * @param headers to set, over those of the message
 * @param left headers to leave out beside those that must not travel
 */
export function carryOn(
  messageId: string,
  original: MessageProperties,
  headers: Readonly<Record<string, unknown>>,
  left: (name: string) => boolean = () => false,
): CarriedProperties {
  const others = Object.fromEntries(
    Object.entries(original.headers ?? {}).filter(([name]) => !notCarried.test(name) && !left(name)),
  );
  const fitted = fitHeaders(headers, others, headerBudgetBytes);
  const strings = {
    contentType: shortString(original.contentType),
    contentEncoding: shortString(original.contentEncoding),
    correlationId: shortString(original.correlationId),
    type: shortString(original.type),
    appId: shortString(original.appId),
  };
  const timestamp: unknown = original.timestamp;
  return {
    properties: {
      ...Object.fromEntries(Object.entries(strings).filter(([, value]) => value !== undefined)),
      ...(Number.isSafeInteger(timestamp) && { timestamp: Number(timestamp) }),
      messageId,
      headers: fitted.headers,
      persistent: true,
      mandatory: true,
    },
    dropped: fitted.dropped,
  };
}

function counter(value: unknown): number {
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : 0;
}
