import { type BrokerConnection, replyCode } from './connection.ts';
import { unlessAborted } from './pause.ts';
import { tryOnChannel } from './try-on-channel.ts';

/** How long a queue may take to say that it is there, in milliseconds. */
const answerMs = 5_000;

const cancelled = 'the broker cancelled the subscription';

/**
 * Finds out why the broker ended a subscription, which it does not say (AMQP extension "consumer cancel notification"):
 * its queue was deleted, or a delivery was kept for longer than `consumer_timeout`. RabbitMQ before 4.3 closes the
 * channel for the latter.
 *
 * @param keptMs how long the oldest delivery of the subscription has been kept; undefined where there is none
 * @returns an error with the broker's code 404 when the queue is gone; never fails
 */
export async function whyCancelled(
  connection: BrokerConnection,
  queue: string,
  keptMs: number | undefined,
): Promise<Error> {
  const looking = tryOnChannel(connection, (channel) => channel.checkQueue(queue));
  try {
    const refusal = await unlessAborted(looking, AbortSignal.timeout(answerMs));
    if (replyCode(refusal) === 404) {
      return Object.assign(new Error(`${cancelled}; queue ${queue} was deleted`), { code: 404 });
    }
  } catch {
    // The connection is lost, and tells of that itself.
    return new Error(cancelled);
  }
  if (keptMs === undefined) return new Error(`${cancelled}; was queue ${queue} made anew?`);
  const seconds = (keptMs / 1000).toFixed(1);
  return new Error(
    `${cancelled}; a delivery was kept for ${seconds} s, was that longer than consumer_timeout?`,
  );
}
