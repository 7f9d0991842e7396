import { type BrokerConnection, replyCode } from './connection.ts';
import { pause, unlessAborted } from './pause.ts';
import { tryOnChannel } from './try-on-channel.ts';

/** How long all looks at a queue may take, in milliseconds. */
const lookingMs = 5_000;

/** RabbitMQ 4 ends the subscriptions to a queue a moment before it forgets the queue. */
const looks = { count: 4, everyMs: 200 };

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
  try {
    if (await isGone(connection, queue)) {
      return Object.assign(new Error(`${cancelled}; queue ${queue} was deleted`), { code: 404 });
    }
  } catch {
    // The connection is lost, and tells of that itself.
    return new Error(cancelled);
  }
  if (keptMs === undefined) return new Error(`${cancelled}; was queue ${queue} made anew?`);
  const kept = `a delivery was kept for ${(keptMs / 1000).toFixed(1)} s`;
  return new Error(`${cancelled}; ${kept}, was that longer than consumer_timeout?`);
}

async function isGone(connection: BrokerConnection, queue: string): Promise<boolean> {
  const signal = AbortSignal.timeout(lookingMs);
  for (let look = 0; look < looks.count && !signal.aborted; look += 1) {
    if (look > 0) await pause(looks.everyMs, signal);
    const refusal = await unlessAborted(
      tryOnChannel(connection, (channel) => channel.checkQueue(queue)),
      signal,
    );
    if (replyCode(refusal) === 404) return true;
  }
  return false;
}
