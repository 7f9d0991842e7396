/**
 * What Celery's native delayed delivery is made of (Celery documentation, "Native Delayed Delivery"; kombu,
 * `native_delayed_delivery.py`). Names, types and arguments are those of Celery 5.5 and later, so that its clients and
 * workers share it with ours, which declare it.
 */

/** Levels of delay; a message waits 2^n seconds on level n if bit n of its delay is set. */
export const delayLevels = 28;

/** The exchange in which all delayed messages arrive, to be routed by the last words of their keys. */
export const delayedDeliveryExchange = 'celery_delayed_delivery';

/** The exchange of a level, and the queue in which its messages wait. */
export function delayLevelName(level: number): string {
  return `celery_delayed_${level}`;
}

/** The arguments of the queue of a level: when its time is over a message goes on to the next level, and none is lost. */
export function delayLevelArguments(level: number): Readonly<Record<string, string | number>> {
  return {
    'x-queue-type': 'quorum',
    'x-overflow': 'reject-publish',
    'x-message-ttl': 2 ** level * 1000,
    'x-dead-letter-exchange': level === 0 ? delayedDeliveryExchange : delayLevelName(level - 1),
    'x-dead-letter-strategy': 'at-least-once',
  };
}

/** The key by which delayed messages for a queue, or a routing key, come out of the delivery. */
export function delayedKeyOf(queue: string): string {
  return `#.${queue}`;
}
