import type { Delivery } from '../../workers/messaging/delivery.ts';

/** A first delivery of a payload, as the message runtime hands it to a handler. */
export function deliveryOf<Payload>(
  payload: Payload,
  changes: Partial<Pick<Delivery, 'publishedAt' | 'signal'>> = {},
): Delivery<Payload> {
  return {
    queue: 'queue',
    messageId: 'message-1',
    attempt: 1,
    content: Buffer.from(JSON.stringify(payload)),
    contentType: 'application/json',
    contentEncoding: undefined,
    headers: {},
    publishedAt: new Date(),
    signal: new AbortController().signal,
    payload,
    ...changes,
  };
}
