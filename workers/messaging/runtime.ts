import type { EventNameOf, EventPayloadOf, Platform, QueueNameOf } from '../platform/platform.ts';
import type { MessagingEventName, MessagingEvents } from './events.ts';
import type { QueueHandler } from './handlers.ts';
import type { MessagingHealth } from './health.ts';
import type { Publisher } from './publishing.ts';

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
