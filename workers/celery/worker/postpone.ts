import type { TaskMessage } from '../protocol/task-message.ts';
import { delayMessage } from './delayed-delivery.ts';
import type { TaskDelivery } from './deliveries.ts';
import { repeated } from './repeated.ts';

/**
 * The message of a delivery once more, to wait at the broker.
 * @param seconds whole ones are waited
 */
export function postponed(delivery: TaskDelivery, seconds: number): TaskMessage {
  return delayMessage(repeated(delivery, delivery.queue), seconds, delivery.queue);
}
