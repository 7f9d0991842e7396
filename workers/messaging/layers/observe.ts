import { isEveryday } from '../../platform/errors.ts';
import type { Delivery, Handle, Layer, Outcome } from '../delivery.ts';
import type { MessagingEmitter } from '../events.ts';
import type { Log } from '../log.ts';
import { traceHandling } from '../message-trace.ts';
import { outcomeOfError } from '../outcomes.ts';

/**
 * Tells about the beginning and the outcome of every attempt, as a part of the message's trace. An error of the layers
 * within is an outcome as well.
 */
export function observe(events: MessagingEmitter, log: Log): Layer {
  return (next) => (delivery) =>
    traceHandling(delivery, async () => {
      const outcome = await observed(next, delivery, events);
      report(delivery, outcome, log);
      return outcome;
    });
}

async function observed(next: Handle, delivery: Delivery, events: MessagingEmitter): Promise<Outcome> {
  const { queue, messageId, attempt, publishedAt } = delivery;
  const startedAt = Date.now();
  const start = performance.now();
  const ageMs = publishedAt === undefined ? undefined : startedAt - publishedAt.getTime();
  events.emit('received', { queue, messageId, attempt, ageMs });
  const outcome = await next(delivery).catch(outcomeOfError);
  const durationMs = performance.now() - start;
  events.emit('handled', { queue, messageId, attempt, outcome: outcome.kind, durationMs });
  return outcome;
}

/** Logs an attempt that did not come to its end. */
function report(delivery: Delivery, outcome: Outcome, log: Log): void {
  if (outcome.kind === 'done' || outcome.kind === 'duplicate') return;
  const { queue, messageId, attempt } = delivery;
  const facts = { queue, messageId, ...orderOf(delivery), attempt };
  if (outcome.kind === 'dead') {
    const { code, reason, error } = outcome;
    log.error({ ...facts, code, reason, err: error }, 'a message is given up');
    return;
  }
  const waits = { ...facts, outcome: outcome.kind, err: outcome.error };
  if (isEveryday(outcome.error)) log.info(waits, 'the message has to wait');
  else log.warn(waits, 'an attempt failed');
}

/** The order that a message is about, where its body, which nobody has checked, says so. */
function orderOf({ content }: Delivery): { readonly orderId?: string } {
  try {
    const body: unknown = JSON.parse(content.toString());
    if (typeof body !== 'object' || body === null || !('orderId' in body)) return {};
    return typeof body.orderId === 'string' ? { orderId: body.orderId.slice(0, 64) } : {};
  } catch {
    return {};
  }
}
