import type { ConsumeMessage, MessageProperties } from 'amqplib';
import type { Received } from '../../workers/messaging/received.ts';
import { deliveryOf } from './delivery-of.ts';

/** A message as it comes from the client library. */
export function messageOf(deliveryTag: number, properties: Partial<MessageProperties> = {}): ConsumeMessage {
  return {
    content: Buffer.from('{"n":1}'),
    fields: { deliveryTag, consumerTag: 'tag', exchange: '', routingKey: 'work', redelivered: false },
    // The client library fills in undefined for the properties that a message lacks.
    properties: { contentType: 'application/json', ...properties } as MessageProperties,
  };
}

/** A received delivery that remembers what became of it. */
export function receivedOf(given: Partial<Received> = {}): {
  readonly received: Received;
  readonly log: string[];
} {
  const log: string[] = [];
  const received = {
    ...deliveryOf({}),
    message: messageOf(1),
    ack: () => {
      log.push('ack');
      return true;
    },
    handBack: () => {
      log.push('hand back');
    },
    ...given,
  };
  return { received, log };
}
