import type { Message } from 'amqplib';
import { PlatformError } from '../platform/errors.ts';
import type { Outcome } from './delivery.ts';
import { cutToBytes } from './header-table.ts';
import { attemptHeader, deliveryCountOf, postponedHeader } from './message-headers.ts';

const prefix = 'x-dead-';

/** The names under which a dead letter says what became of it. */
const names = {
  code: `${prefix}code`,
  reason: `${prefix}reason`,
  attempts: `${prefix}attempts`,
  queue: `${prefix}queue`,
  at: `${prefix}at`,
  deliveryCount: `${prefix}delivery-count`,
  errorName: `${prefix}error-name`,
  errorMessage: `${prefix}error-message`,
  errorStack: `${prefix}error-stack`,
} as const;

/** What the dead letter of a delivery says beside its own body and headers. Long texts are cut. */
export function deadLetterHeaders(options: {
  readonly queue: string;
  readonly attempt: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly outcome: Extract<Outcome, { kind: 'dead' }>;
  readonly at: Date;
}): Readonly<Record<string, string | number>> {
  const { outcome } = options;
  return {
    [names.code]: outcome.code,
    [names.reason]: cutToBytes(outcome.reason, 2048),
    [names.attempts]: options.attempt,
    [names.queue]: options.queue,
    [names.at]: options.at.toISOString(),
    [names.deliveryCount]: deliveryCountOf(options.headers),
    ...errorHeaders(outcome.error),
  };
}

function errorHeaders(error: unknown): Readonly<Record<string, string>> {
  if (error === undefined) return {};
  if (!(error instanceof Error)) return { [names.errorMessage]: cutToBytes(describe(error), 2048) };
  const name = error instanceof PlatformError ? `${error.name} ${error.code}` : error.name;
  return {
    [names.errorName]: cutToBytes(String(name), 200),
    [names.errorMessage]: cutToBytes(String(error.message), 2048),
    [names.errorStack]: cutToBytes(String(error.stack ?? ''), 8192),
  };
}

/** A text for anything that can be thrown, objects that refuse to be text included. */
function describe(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
}

/** Whether a header is one of a dead letter; on other messages it is none of ours and means nothing. */
export function isOfDeadLetter(header: string): boolean {
  return header.startsWith(prefix);
}

/** Whether a header tells of the message's past attempts, and so is left out when it is replayed. */
export function tellsOfThePast(header: string): boolean {
  return isOfDeadLetter(header) || header === attemptHeader || header === postponedHeader;
}

/** A message in a dead-letter queue. */
export interface DeadLetter {
  /** Empty when its publisher gave none and the broker itself gave the message up. */
  readonly messageId: string;
  /** A code of the error catalogue; `undefined` when the broker itself gave the message up. */
  readonly code: string | undefined;
  readonly reason: string;
  readonly attempts: number | undefined;
  readonly diedAt: Date | undefined;
  readonly error: { readonly name: string; readonly message: string; readonly stack: string } | undefined;
  readonly content: Buffer;
  readonly contentType: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Reads a dead letter, ours or one that the broker made (its reason is in `x-death` then). */
export function readDeadLetter(message: Message): DeadLetter {
  const headers: Readonly<Record<string, unknown>> = { ...message.properties.headers };
  const code = text(headers[names.code]);
  const attempts = headers[names.attempts];
  const at = new Date(text(headers[names.at]) ?? Number.NaN);
  const error = {
    name: text(headers[names.errorName]) ?? '',
    message: text(headers[names.errorMessage]) ?? '',
    stack: text(headers[names.errorStack]) ?? '',
  };
  return {
    messageId: text(message.properties.messageId) ?? '',
    code,
    reason: text(headers[names.reason]) ?? brokersReason(headers),
    attempts: typeof attempts === 'number' ? attempts : undefined,
    diedAt: Number.isNaN(at.getTime()) ? undefined : at,
    error: error.name === '' && error.message === '' ? undefined : error,
    content: message.content,
    contentType: text(message.properties.contentType),
    headers,
  };
}

function brokersReason(headers: Readonly<Record<string, unknown>>): string {
  const reason = text(headers['x-first-death-reason']) ?? 'unknown';
  return `the broker gave the message up (${reason})`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
