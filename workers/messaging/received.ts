import type { ConsumeMessage } from 'amqplib';
import type { QueueDeclaration } from '../platform/queues.ts';
import type { Delivery } from './delivery.ts';
import { shortString } from './header-table.ts';
import { attemptOf, publishedAtOf } from './message-headers.ts';

/** A delivery on the channel it came on. The tag of a delivery means nothing on any other channel. */
export interface Received extends Delivery {
  readonly message: ConsumeMessage;
  /** Acknowledges it, unless its channel is gone or it was given back. @returns whether it did */
  readonly ack: () => boolean;
  /** Gives it back to its queue at once as failed, unless its channel is gone or it was acknowledged. */
  readonly handBack: () => void;
}

/** The id under which a message is known; undefined when its publisher gave none. */
export function messageIdOf(message: ConsumeMessage): string | undefined {
  return shortString(message.properties.messageId);
}

/** Reads a message as it came from the broker; nothing in it is trusted. */
export function readMessage(
  queue: string,
  declaration: QueueDeclaration,
  message: ConsumeMessage,
  channel: Pick<Received, 'ack' | 'handBack' | 'signal'>,
): Received {
  const { properties, content } = message;
  // A copy holds own properties only, also for a header named __proto__.
  const headers: Readonly<Record<string, unknown>> = { ...properties.headers };
  return {
    queue,
    messageId: messageIdOf(message) ?? '',
    attempt: attemptOf(headers, declaration.retry.maxAttempts),
    content,
    contentType: shortString(properties.contentType),
    contentEncoding: shortString(properties.contentEncoding),
    headers,
    publishedAt: publishedAtOf(properties),
    payload: undefined,
    message,
    ...channel,
  };
}
