import type { RetryPolicy } from '../../platform/retry.ts';
import type { Layer } from '../delivery.ts';
import { deliveryCountOf } from '../message-headers.ts';

/** Gives a message up that failed as often as its queue allows. */
export function limitAttempts({ maxAttempts }: RetryPolicy): Layer {
  return (next) => async (delivery) => {
    const outcome = await next(delivery);
    if (outcome.kind !== 'retry' || delivery.attempt < maxAttempts) return outcome;
    const { error } = outcome;
    const last = error instanceof Error ? error.message : String(error);
    const reason = `attempt ${delivery.attempt} of ${maxAttempts} failed: ${last}`;
    return { kind: 'dead', code: 'MESSAGE_ATTEMPTS_EXHAUSTED', reason, error };
  };
}

/**
 * Gives a message up on its last delivery without handling it: it was given back as often as its queue allows and
 * never settled, so it may be what ends its workers. Had it ended this one too, the broker would give it up by its
 * policy, but without a reason and without the ledger.
 */
export function limitDeliveries(deliveryLimit: number): Layer {
  return (next) => async (delivery) => {
    const count = deliveryCountOf(delivery.headers);
    if (count === 0 || count < deliveryLimit) return next(delivery);
    const reason = `delivered ${count + 1} times without a result; it may be ending its workers`;
    return { kind: 'dead', code: 'MESSAGE_ATTEMPTS_EXHAUSTED', reason };
  };
}
