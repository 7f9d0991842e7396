import type { TaskMessage } from '../protocol/task-message.ts';
import { delayMessage } from './delayed-delivery.ts';
import type { TaskDelivery } from './deliveries.ts';

/** Written by RabbitMQ: of dead-lettering, and of quorum queues. */
const brokersHeaders = /^x-((first-|last-)?death(-.*)?|delivery-count|acquired-count)$/;

/**
 * The message of a delivery once more, to wait at the broker. What the broker wrote into its headers on the way here is
 * left out, and so is its own expiry, which would end the wait instead of the message; the task's header has it too.
 *
 * @param seconds whole ones are waited
 */
export function postponed({ message, queue }: TaskDelivery, seconds: number): TaskMessage {
  const { contentType, contentEncoding, priority, correlationId, replyTo, headers = {} } = message.properties;
  const own = Object.entries(headers).filter(([name]) => !brokersHeaders.test(name));
  const again: TaskMessage = {
    exchange: '',
    routingKey: queue,
    content: message.content,
    properties: {
      contentType,
      contentEncoding,
      deliveryMode: 2,
      priority: priority ?? 0,
      correlationId,
      mandatory: true,
      headers: Object.fromEntries(own),
      ...(replyTo === undefined ? {} : { replyTo }),
    },
  };
  return delayMessage(again, seconds, queue);
}
