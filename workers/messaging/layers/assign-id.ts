import { randomUUID } from 'node:crypto';
import type { Outgoing } from '../confirm-sender.ts';
import { insist } from '../insist.ts';
import type { Log } from '../log.ts';
import { carryOn } from '../message-headers.ts';
import type { Received } from '../received.ts';
import type { Take } from './settle.ts';

/**
 * Gives an id to a message that its publisher left without one, by putting it into its queue again under a fresh
 * id. An id made up at each delivery would change with the next, and no two deliveries would be known as one message;
 * one made of the content would take two equal orders for one.
 */
export function assignId(options: {
  readonly send: (message: Outgoing, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}): (next: Take) => Take {
  return (next) => async (received) => {
    if (received.messageId !== '') return next(received);
    const { queue, signal } = received;
    const messageId = randomUUID();
    const message = readdressed(received, messageId);
    const sent = await insist(() => options.send(message, signal), {
      signal,
      tries: 5,
      onError: (error) =>
        options.log.warn({ err: error, queue }, 'a message without an id could not be sent anew'),
    });
    if (!sent) return received.handBack();
    options.log.warn({ queue, messageId }, 'a message without an id was given one');
    received.ack();
  };
}

function readdressed({ queue, message, content }: Received, messageId: string): Outgoing {
  const { properties } = carryOn(messageId, message.properties, {});
  return { exchange: '', routingKey: queue, content, properties };
}
