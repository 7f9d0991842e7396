import { PlatformError } from '../../platform/errors.ts';
import type { QueueDeclaration } from '../../platform/queues.ts';
import { deadLetterQueueOf, retryStepName } from '../../platform/topology.ts';
import { postponeDelay, type RetryDelay, retryDelay } from '../backoff.ts';
import type { Outgoing } from '../confirm-sender.ts';
import { deadLetterHeaders, isOfDeadLetter } from '../dead-letter.ts';
import type { Handle, Outcome } from '../delivery.ts';
import type { MessagingEmitter } from '../events.ts';
import { insist } from '../insist.ts';
import type { MessageLedger } from '../ledger.ts';
import type { Log } from '../log.ts';
import { attemptHeader, carryOn, postponedHeader, postponementsOf } from '../message-headers.ts';
import type { Received } from '../received.ts';

/** How often a message that follows from a delivery is sent before the delivery is given back. */
const sendTries = 5;

export interface SettleOptions {
  readonly queue: QueueDeclaration;
  readonly retryDelaysMs: readonly number[];
  readonly ledger: MessageLedger;
  /** Resolves once the broker has confirmed the message; the signal ends waiting for the broker. */
  readonly send: (message: Outgoing, signal: AbortSignal) => Promise<void>;
  /** Declares the topology again; never fails. */
  readonly repair: () => Promise<void>;
  readonly events: MessagingEmitter;
  readonly log: Log;
}

/** Handles a delivery to its end: when it resolves, the delivery is acknowledged, given back or lost. */
export type Take = (received: Received) => Promise<void>;

/**
 * The outermost layer: makes durable what follows from an outcome, and only then acknowledges the delivery.
 * A message for another attempt waits in a retry step, a dead one rests in its dead-letter queue and is settled in
 * the ledger. When that fails because the connection broke nothing is done: the broker delivers again.
 */
export function settle(options: SettleOptions): (next: Handle) => Take {
  const { events } = options;
  return (next) => async (received) => {
    const outcome = await next(received);
    if (!(await carryOut(outcome, received, options))) {
      received.handBack();
      return;
    }
    if (!received.ack()) return;
    const { queue, messageId, attempt } = received;
    events.emit('settled', { queue, messageId, attempt, outcome: outcome.kind });
  };
}

function carryOut(outcome: Outcome, received: Received, options: SettleOptions): Promise<boolean> | boolean {
  const { attempt, headers } = received;
  const { retryDelaysMs, queue } = options;
  switch (outcome.kind) {
    case 'done':
    case 'duplicate':
      return true;
    case 'retry':
      return tryLater(received, options, retryDelay(attempt, queue.retry, retryDelaysMs), {
        [attemptHeader]: attempt + 1,
        [postponedHeader]: 0,
      });
    case 'postpone': {
      const postponed = postponementsOf(headers);
      return tryLater(received, options, postponeDelay(postponed, retryDelaysMs), {
        [attemptHeader]: attempt,
        [postponedHeader]: postponed + 1,
      });
    }
    case 'dead':
      return bury(outcome, received, options);
  }
}

/** Puts the message into a retry step, which gives it back to its queue when the time to live is over. */
async function tryLater(
  received: Received,
  options: SettleOptions,
  { stepMs, ttlMs }: RetryDelay,
  headers: Readonly<Record<string, number>>,
): Promise<boolean> {
  const { queue, messageId, attempt } = received;
  const message = copyOf(received, options, retryStepName(stepMs), queue, headers);
  const delayed = await sendInsisting(
    { ...message, properties: { ...message.properties, expiration: String(ttlMs) } },
    received,
    options,
  );
  if (delayed) options.events.emit('delayed', { queue, messageId, attempt, delayMs: ttlMs });
  return delayed;
}

async function bury(
  outcome: Extract<Outcome, { kind: 'dead' }>,
  received: Received,
  options: SettleOptions,
): Promise<boolean> {
  const { queue, messageId, attempt, signal } = received;
  const headers = deadLetterHeaders({ ...received, outcome, at: new Date() });
  const letter = copyOf(received, options, '', deadLetterQueueOf(queue), headers);
  if (!(await sendInsisting(letter, received, options))) return false;
  options.events.emit('deadLettered', { queue, messageId, attempt, code: outcome.code });
  // A message that was not even decoded is unknown to the ledger so far.
  const account = async () => {
    await options.ledger.received(queue, messageId);
    await options.ledger.settled(queue, messageId, 'dead');
  };
  return insist(account, {
    signal,
    tries: Number.POSITIVE_INFINITY,
    onError: (error) =>
      options.log.warn({ err: error, queue, messageId }, 'a dead letter is not in the ledger yet'),
  });
}

function copyOf(
  received: Received,
  options: SettleOptions,
  exchange: string,
  routingKey: string,
  headers: Readonly<Record<string, unknown>>,
): Outgoing {
  const { messageId, message, queue, content } = received;
  const { properties, dropped } = carryOn(messageId, message.properties, headers, isOfDeadLetter);
  if (dropped.length > 0) {
    options.log.warn(
      { queue, messageId, dropped: dropped.slice(0, 20) },
      'headers did not fit and were dropped',
    );
  }
  return { exchange, routingKey, content, properties };
}

async function sendInsisting(
  message: Outgoing,
  { queue, messageId, signal }: Received,
  { send, repair, log }: SettleOptions,
): Promise<boolean> {
  return insist(() => send(message, signal), {
    signal,
    tries: sendTries,
    onError: async (error) => {
      log.warn({ err: error, queue, messageId }, 'what follows from a delivery could not be sent');
      if (error instanceof PlatformError && error.code === 'PUBLISH_UNROUTABLE') await repair();
    },
  });
}
