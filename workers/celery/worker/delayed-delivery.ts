import type { Channel } from 'amqplib';
import type { BrokerConnection } from '../../messaging/connection.ts';
import { closeChannel } from '../../messaging/standing-channel.ts';
import {
  delayedDeliveryExchange,
  delayedKeyOf,
  delayLevelArguments,
  delayLevelName,
  delayLevels,
} from '../../platform/delayed-delivery.ts';
import type { TaskMessage } from '../protocol/task-message.ts';

/** The longest delay in seconds, about 8.5 years. */
const longestSeconds = 2 ** delayLevels - 1;

/**
 * Declares Celery's native delayed delivery (Celery documentation, "Native Delayed Delivery"; kombu,
 * `native_delayed_delivery.py`): a message goes down from level 27 to level 0, and its routing key has a bit for each
 * level that says whether it waits in the level's queue or passes by. Names, types and arguments are those of Celery
 * 5.5 and later, so that its clients and workers share it.
 *
 * @throws Error with the broker's code where it exists with other properties; BROKER_UNAVAILABLE
 */
export async function declareDelayedDelivery(connection: BrokerConnection): Promise<void> {
  await onChannel(connection, async (channel) => {
    const all = Array.from({ length: delayLevels }, (_, level) => level);
    await Promise.all([
      channel.assertExchange(delayedDeliveryExchange, 'topic', { durable: true }),
      ...all.map((level) => channel.assertExchange(delayLevelName(level), 'topic', { durable: true })),
    ]);
    await Promise.all(all.map((level) => declareLevel(channel, level)));
  });
}

async function declareLevel(channel: Channel, level: number): Promise<void> {
  const name = delayLevelName(level);
  const next = level === 0 ? delayedDeliveryExchange : delayLevelName(level - 1);
  const above = '*.'.repeat(delayLevels - 1 - level);
  await Promise.all([
    channel.assertQueue(name, { durable: true, arguments: { ...delayLevelArguments(level) } }),
    channel.bindQueue(name, name, `${above}1.#`),
    channel.bindExchange(next, name, `${above}0.#`),
  ]);
}

/** Lets delayed messages reach a queue by its routing key, and by its name. */
export async function bindToDelayedDelivery(
  connection: BrokerConnection,
  queue: { readonly name: string; readonly routingKey: string },
): Promise<void> {
  await onChannel(connection, async (channel) => {
    const keys = new Set([queue.name, queue.routingKey]);
    await Promise.all(
      [...keys].map((key) => channel.bindQueue(queue.name, delayedDeliveryExchange, delayedKeyOf(key))),
    );
  });
}

/**
 * Has a message wait at the broker: whole seconds, what is left over its worker waits.
 * @param queue the queue it goes to in the end, which must be bound to the delayed delivery
 */
export function delayMessage(message: TaskMessage, seconds: number, queue: string): TaskMessage {
  const whole = Math.min(longestSeconds, Math.max(0, Math.floor(seconds)));
  const bits = whole.toString(2).padStart(delayLevels, '0').split('').join('.');
  return { ...message, exchange: delayLevelName(delayLevels - 1), routingKey: `${bits}.${queue}` };
}

/** The queue, or else the routing key, that a message has in the end. */
export function destinationOf({
  exchange,
  routingKey,
}: Pick<TaskMessage, 'exchange' | 'routingKey'>): string {
  if (exchange !== delayLevelName(delayLevels - 1)) return routingKey;
  return routingKey.split('.').slice(delayLevels).join('.');
}

async function onChannel(
  connection: BrokerConnection,
  action: (channel: Channel) => Promise<void>,
): Promise<void> {
  const channel = await connection.openChannel();
  // The calls on it see its errors.
  channel.on('error', () => undefined);
  await action(channel);
  await closeChannel(channel);
}
