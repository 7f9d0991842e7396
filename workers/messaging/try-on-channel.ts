import type { Channel } from 'amqplib';
import { type BrokerConnection, replyCode } from './connection.ts';
import { closeChannel } from './standing-channel.ts';

/**
 * Does something on a channel of its own, since the broker closes a channel with each refusal.
 * @returns the broker's refusal, if it refused
 * @throws PlatformError BROKER_UNAVAILABLE
 */
export async function tryOnChannel(
  connection: BrokerConnection,
  action: (channel: Channel) => Promise<unknown>,
): Promise<Error | undefined> {
  const channel = await connection.openChannel();
  // The call that caused it sees the error.
  channel.on('error', () => undefined);
  try {
    await action(channel);
    return undefined;
  } catch (error) {
    if (error instanceof Error && replyCode(error) !== undefined) return error;
    throw error;
  } finally {
    await closeChannel(channel);
  }
}
