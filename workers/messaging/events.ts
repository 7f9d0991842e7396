import type { ErrorCode } from '../platform/errors.ts';
import type { Outcome } from './delivery.ts';
import type { Log } from './log.ts';

/** Every change of state of the message runtime, by name. */
export interface MessagingEvents {
  /** The connection is open and its topology is asserted; `reconnect` is false the first time. */
  connected: { readonly reconnect: boolean };
  /** The open connection is gone. */
  lost: { readonly reason: string };
  /** The broker takes no more messages for now, e.g. because its memory or disk runs low. */
  blocked: { readonly reason: string };
  unblocked: Record<never, never>;
  /** Something on the broker differs from the declarations and was left as it is. */
  topologyMismatch: { readonly name: string; readonly reason: string };
  /** The broker confirmed a message for a queue. */
  published: { readonly queue: string; readonly messageId: string };
  /** The broker confirmed an event. */
  announced: { readonly event: string };
  /** A message was not published; its caller got an error with this code. */
  publishFailed: { readonly queue: string; readonly messageId: string; readonly code: ErrorCode };
  /** Messages without a confirm were sent again on a new channel. */
  resent: { readonly count: number };
  /** A consumer receives from its queue, or a listener from its event. */
  subscribed: { readonly name: string };
  /** It no longer does; it subscribes again by itself unless it was closed. */
  unsubscribed: { readonly name: string; readonly reason: string };
  /** A delivery begins to be handled; its age counts from publishing, where the publisher said when. */
  received: {
    readonly queue: string;
    readonly messageId: string;
    readonly attempt: number;
    readonly ageMs: number | undefined;
  };
  /** The attempt is over; what follows from the outcome is not yet durable. */
  handled: {
    readonly queue: string;
    readonly messageId: string;
    readonly attempt: number;
    readonly outcome: Outcome['kind'];
    readonly durationMs: number;
  };
  /** What follows from the outcome is durable, and the delivery is acknowledged. */
  settled: {
    readonly queue: string;
    readonly messageId: string;
    readonly attempt: number;
    readonly outcome: Outcome['kind'];
  };
  /** A message waits at the broker for its next attempt. */
  delayed: {
    readonly queue: string;
    readonly messageId: string;
    readonly attempt: number;
    readonly delayMs: number;
  };
  /** A message rests in its dead-letter queue. */
  deadLettered: {
    readonly queue: string;
    readonly messageId: string;
    readonly attempt: number;
    readonly code: ErrorCode;
  };
  /** Deliveries went back to their queue unhandled, for another consumer. */
  handedBack: { readonly queue: string; readonly count: number };
}

export type MessagingEventName = keyof MessagingEvents;

type Listener<Name extends MessagingEventName> = (event: MessagingEvents[Name]) => void;

/** Tells listeners about events. A listener that throws is logged and disturbs nobody. */
export class MessagingEmitter {
  readonly #log: Log;
  readonly #listeners: { [Name in MessagingEventName]?: Set<Listener<Name>> } = {};

  constructor(log: Log) {
    this.#log = log;
  }

  /** @returns a function that removes the listener */
  on<Name extends MessagingEventName>(name: Name, listener: Listener<Name>): () => void {
    const listeners: Set<Listener<Name>> = this.#listeners[name] ?? new Set();
    Object.assign(this.#listeners, { [name]: listeners });
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  emit<Name extends MessagingEventName>(name: Name, event: MessagingEvents[Name]): void {
    for (const listener of this.#listeners[name] ?? []) {
      try {
        listener(event);
      } catch (error) {
        this.#log.error({ err: error, event: name }, 'a listener of the message runtime failed');
      }
    }
  }
}
