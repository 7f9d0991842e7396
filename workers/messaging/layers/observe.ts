import { isEveryday } from '../../platform/errors.ts';
import type { Layer } from '../delivery.ts';
import type { MessagingEmitter } from '../events.ts';
import type { Log } from '../log.ts';
import { outcomeOfError } from '../outcomes.ts';

/** Tells about the beginning and the outcome of every attempt. An error of the layers within is an outcome as well. */
export function observe(events: MessagingEmitter, log: Log): Layer {
  return (next) => async (delivery) => {
    const { queue, messageId, attempt, publishedAt } = delivery;
    const startedAt = Date.now();
    const start = performance.now();
    const ageMs = publishedAt === undefined ? undefined : startedAt - publishedAt.getTime();
    events.emit('received', { queue, messageId, attempt, ageMs });
    const outcome = await next(delivery).catch(outcomeOfError);
    const durationMs = performance.now() - start;
    events.emit('handled', { queue, messageId, attempt, outcome: outcome.kind, durationMs });
    if (outcome.kind === 'retry' || outcome.kind === 'postpone') {
      const facts = { queue, messageId, attempt, outcome: outcome.kind, err: outcome.error };
      if (isEveryday(outcome.error)) log.info(facts, 'the message has to wait');
      else log.warn(facts, 'an attempt failed');
    }
    if (outcome.kind === 'dead') {
      const { code, reason, error } = outcome;
      log.error({ queue, messageId, attempt, code, reason, err: error }, 'a message is given up');
    }
    return outcome;
  };
}
