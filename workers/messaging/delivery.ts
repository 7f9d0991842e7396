import type { ErrorCode } from '../platform/errors.ts';

/** One delivery of one message, as it passes through the layers of a consumer. */
export interface Delivery<Payload = unknown> {
  readonly queue: string;
  /** Names the intent behind the message; the same id again is the same message again. */
  readonly messageId: string;
  /** Counts the attempts from 1; attempts that a crash cut short are not in it. */
  readonly attempt: number;
  /** The body as it arrived. */
  readonly content: Buffer;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  /** When the message was first published, where its publisher said so. */
  readonly publishedAt: Date | undefined;
  /** The decoded body; set by the decode layer, trusted after the validate layer. */
  readonly payload: Payload;
  /** Aborted when the attempt exceeds its time limit or the channel of the delivery is lost. */
  readonly signal: AbortSignal;
}

/**
 * What is to become of a delivery:
 * - `done`: its effect is durable and every message it leads to is confirmed
 * - `duplicate`: the message was settled before; nothing was done
 * - `retry`: try again after a delay, as often as the queue's policy allows
 * - `postpone`: try again later without counting the attempt, because something the platform needs is down
 * - `dead`: it can never succeed; it goes to the dead-letter queue with the reason
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'retry'; readonly error: unknown }
  | { readonly kind: 'postpone'; readonly error: unknown }
  | { readonly kind: 'dead'; readonly code: ErrorCode; readonly reason: string; readonly error?: unknown };

/** Handles one delivery. A thrown error is turned into an outcome by the layer that runs the handler. */
export type Handle = (delivery: Delivery) => Promise<Outcome>;

/** Wraps a handle with one concern, such as validation or deduplication. */
export type Layer = (next: Handle) => Handle;
