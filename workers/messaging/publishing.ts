import type { EventNameOf, EventPayloadOf, PayloadOf, Platform, QueueNameOf } from '../platform/platform.ts';

export interface PublishOptions {
  /** Names the intent, e.g. `payment_process:<orderId>`: publishing the same intent again is harmless. */
  readonly messageId: string;
  /** Stops waiting; the message may have arrived all the same. */
  readonly signal?: AbortSignal;
}

/** Hands messages to the broker. */
export interface Publisher<P extends Platform> {
  /**
   * Resolves once the broker has confirmed that the message is stored in its queue.
   * While the broker is away the message is held and sent when it returns.
   * @throws PlatformError MESSAGE_SCHEMA_INVALID, MESSAGE_TOO_LARGE, PUBLISH_UNROUTABLE, PUBLISH_REFUSED,
   *   PUBLISH_BUFFER_FULL, PUBLISH_ABORTED or PUBLISHER_CLOSED
   */
  publish<Queue extends QueueNameOf<P>>(
    queue: Queue,
    payload: PayloadOf<P, Queue>,
    options: PublishOptions,
  ): Promise<void>;
  /**
   * Announces an event to whoever listens. Resolves once the broker has it; nobody need listen.
   * @throws PlatformError MESSAGE_SCHEMA_INVALID, PUBLISH_BUFFER_FULL or PUBLISHER_CLOSED
   */
  announce<Event extends EventNameOf<P>>(event: Event, payload: EventPayloadOf<P, Event>): Promise<void>;
}
