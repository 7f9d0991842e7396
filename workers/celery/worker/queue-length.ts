import type { BrokerConnection } from '../../messaging/connection.ts';
import { closeChannel } from '../../messaging/standing-channel.ts';

/**
 * Messages of a queue that no consumer has.
 * @throws PlatformError BROKER_UNAVAILABLE, or the broker's refusal where the queue does not exist
 */
export async function queueLength(connection: BrokerConnection, queue: string): Promise<number> {
  const channel = await connection.openChannel();
  // The call that caused it sees the error.
  channel.on('error', () => undefined);
  const { messageCount } = await channel.checkQueue(queue);
  await closeChannel(channel);
  return messageCount;
}
