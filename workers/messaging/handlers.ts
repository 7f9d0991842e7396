import type { ConsumedBy, PayloadOf, Platform, QueueNameOf, ServiceNameOf } from '../platform/platform.ts';
import type { Delivery } from './delivery.ts';

/**
 * Does the work of one message. Returning means: the effect is durable and every message it leads to is confirmed.
 * Throwing PlatformError MESSAGE_REJECTED sends the message to the dead-letter queue. An error that says that something
 * the platform needs is down or full (STATE_UNAVAILABLE, BROKER_UNAVAILABLE, SERVICE_UNAVAILABLE, PUBLISH_BUFFER_FULL,
 * PUBLISH_REFUSED, PUBLISHER_CLOSED) postpones it. Any other error leads to another attempt.
 */
export type QueueHandler<P extends Platform, Queue extends QueueNameOf<P>> = (
  payload: PayloadOf<P, Queue>,
  delivery: Delivery<PayloadOf<P, Queue>>,
) => Promise<void>;

/** A handler for each queue that a service consumes: a missing one does not compile. */
export type HandlersOf<P extends Platform, Service extends ServiceNameOf<P>> = {
  readonly [Queue in ConsumedBy<P, Service>]: QueueHandler<P, Queue>;
};
