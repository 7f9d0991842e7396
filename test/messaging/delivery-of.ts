import type { Delivery, Handle, Outcome } from '../../workers/messaging/delivery.ts';

/** A delivery for tests of single layers. */
export function deliveryOf(given: Partial<Delivery>): Delivery {
  return {
    queue: 'work',
    messageId: 'm-1',
    attempt: 1,
    content: Buffer.from('{"n":1}'),
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    headers: {},
    publishedAt: undefined,
    payload: undefined,
    signal: new AbortController().signal,
    ...given,
  };
}

/** A handle that remembers what reached it. */
export function recordingHandle(outcome: Outcome = { kind: 'done' }) {
  const reached: Delivery[] = [];
  const handle: Handle = async (delivery) => {
    reached.push(delivery);
    return outcome;
  };
  return { handle, reached };
}
