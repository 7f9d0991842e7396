import type { Publisher } from '../../messaging/publishing.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { PayloadOf, QueueNameOf, SmartEats } from '../../platform/platform.ts';

/** How long a request waits for the broker's confirm, in milliseconds. */
const confirmWithinMs = 2_000;

/** What keeps a message from being stored now, through no fault of the caller's. */
const outages: readonly string[] = [
  'PUBLISH_ABORTED',
  'PUBLISH_BUFFER_FULL',
  'PUBLISH_REFUSED',
  'PUBLISH_UNROUTABLE',
  'PUBLISHER_CLOSED',
  'BROKER_UNAVAILABLE',
];

/**
 * Publishes a message on behalf of a request, and returns once the broker has stored it.
 *
 * @throws PlatformError SERVICE_UNAVAILABLE where it is not known to be stored; the caller may send the same
 *   request again, since it leads to the same message id
 */
export async function publishConfirmed<Queue extends QueueNameOf<SmartEats>>(
  publisher: Publisher<SmartEats>,
  queue: Queue,
  payload: PayloadOf<SmartEats, Queue>,
  messageId: string,
): Promise<void> {
  try {
    await publisher.publish(queue, payload, { messageId, signal: AbortSignal.timeout(confirmWithinMs) });
  } catch (error) {
    if (error instanceof PlatformError && outages.includes(error.code)) {
      throw new PlatformError('SERVICE_UNAVAILABLE', undefined, { cause: error });
    }
    throw error;
  }
}
