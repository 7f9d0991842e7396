import type { Layer } from '../delivery.ts';
import type { MessageLedger } from '../ledger.ts';

/**
 * Records in the ledger that a message is done, before it is acknowledged: whoever receives it again then knows.
 * While the ledger is away the message is postponed; its effect may be repeated later, so handlers are idempotent.
 */
export function record(ledger: MessageLedger): Layer {
  return (next) => async (delivery) => {
    const outcome = await next(delivery);
    if (outcome.kind !== 'done') return outcome;
    try {
      await ledger.settled(delivery.queue, delivery.messageId, 'done');
      return outcome;
    } catch (error) {
      return { kind: 'postpone', error };
    }
  };
}
