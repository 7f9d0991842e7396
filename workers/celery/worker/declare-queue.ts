import type { BrokerConnection } from '../../messaging/connection.ts';
import type { Log } from '../../messaging/log.ts';
import { tryOnChannel } from '../../messaging/try-on-channel.ts';

/** A queue of tasks, and how messages get into it. */
export interface TaskQueue {
  readonly name: string;
  /** @default the queue's name */
  readonly exchange?: string;
  /** @default direct */
  readonly exchangeType?: string;
  /** @default the queue's name */
  readonly routingKey?: string;
}

export type QueueType = 'quorum' | 'classic';

/** A queue with all defaults filled in, as Celery fills them in. */
export function completeQueue(queue: TaskQueue): Required<TaskQueue> {
  return { exchange: queue.name, exchangeType: 'direct', routingKey: queue.name, ...queue };
}

/**
 * Declares a queue as an unconfigured client of Celery does (durable, no arguments, bound to an exchange of its own)
 * and finds out what the broker made of it. Whatever exists with other properties is left as it is.
 *
 * @returns its type; `undefined` where the broker does not tell, which it does not of a queue with arguments
 * @throws Error with code 404 when it cannot be declared and does not exist; BROKER_UNAVAILABLE
 */
export async function declareQueue(
  connection: BrokerConnection,
  queue: Required<TaskQueue>,
  log: Log,
): Promise<QueueType | undefined> {
  const { name, exchange, exchangeType, routingKey } = queue;
  const declared = await tryOnChannel(connection, (channel) => channel.assertQueue(name, { durable: true }));
  if (declared !== undefined) {
    log.warn(
      { queue: name, reason: declared.message },
      `queue ${name} exists with other properties and is used as it is`,
    );
    // Fails where it does not exist.
    const missing = await tryOnChannel(connection, (channel) => channel.checkQueue(name));
    if (missing !== undefined) throw missing;
  }
  if (exchange !== '') {
    const bound = await tryOnChannel(connection, async (channel) => {
      await channel.assertExchange(exchange, exchangeType, { durable: true });
      await channel.bindQueue(name, exchange, routingKey);
    });
    if (bound !== undefined) {
      log.warn(
        { queue: name, exchange, reason: bound.message },
        `queue ${name} is not bound to its exchange`,
      );
    }
  }
  return declared === undefined ? probeType(connection, name) : typeInRefusal(declared.message);
}

/**
 * AMQP has no way to ask for a queue's type, but a declaration that names one only succeeds if it is that.
 */
async function probeType(connection: BrokerConnection, name: string): Promise<QueueType | undefined> {
  const refusal = await tryOnChannel(connection, (channel) =>
    channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } }),
  );
  return refusal === undefined ? 'quorum' : typeInRefusal(refusal.message);
}

/** Reads "inequivalent arg 'x-queue-type' ... current is ..." (RabbitMQ 3.8 to 4.x). */
function typeInRefusal(text: string): QueueType | undefined {
  if (!text.includes("'x-queue-type'")) return undefined;
  const current = text.slice(text.lastIndexOf('current is'));
  if (current.includes("'quorum'")) return 'quorum';
  return current.includes('none') || current.includes("'classic'") ? 'classic' : undefined;
}
