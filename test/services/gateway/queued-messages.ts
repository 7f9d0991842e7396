import { expect } from '@jest/globals';
import type { TestVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';

/** A message as the management API shows it. */
interface QueuedMessage {
  readonly payload: string;
  readonly properties: { readonly message_id: string; readonly delivery_mode: number };
}

/** A message that rests in a queue. */
export interface Queued {
  readonly messageId: string;
  readonly persistent: boolean;
  readonly payload: unknown;
}

/** Takes all messages out of a queue. */
export async function takeAll(broker: TestVhost, queue: string): Promise<readonly Queued[]> {
  const messages = await broker.json<readonly QueuedMessage[]>(`queues/${broker.vhost}/${queue}/get`, {
    method: 'POST',
    body: { count: 1000, ackmode: 'ack_requeue_false', encoding: 'auto' },
  });
  return messages.map(({ payload, properties }) => ({
    messageId: properties.message_id,
    persistent: properties.delivery_mode === 2,
    payload: JSON.parse(payload),
  }));
}

/** Takes the messages out of a queue, of which there must be this many. */
export async function takeExactly(
  broker: TestVhost,
  queue: string,
  count: number,
): Promise<readonly Queued[]> {
  const taken: Queued[] = [];
  await eventually(async () => {
    taken.push(...(await takeAll(broker, queue)));
    expect(taken).toHaveLength(count);
  });
  return taken;
}
