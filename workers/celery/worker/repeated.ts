import type { TaskMessage } from '../protocol/task-message.ts';
import type { TaskDelivery } from './deliveries.ts';

/** Written by RabbitMQ: of dead-lettering, and of quorum queues. */
const brokersHeaders = /^x-((first-|last-)?death(-.*)?|delivery-count|acquired-count)$/;

/**
 * The message of a delivery once more, for a queue. What the broker wrote into its headers on the way here is left out,
 * and so is its own expiry, which would end a wait at the broker instead of the message; the task's header has it too.
 */
export function repeated({ message }: TaskDelivery, queue: string): TaskMessage {
  const { contentType, contentEncoding, priority, correlationId, replyTo, headers = {} } = message.properties;
  const own = Object.entries(headers).filter(([name]) => !brokersHeaders.test(name));
  return {
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
}
