import type { Layer, Outcome } from '../delivery.ts';
import type { MessageLedger } from '../ledger.ts';

/**
 * Lets a message take effect once: what the ledger knows as settled is a duplicate. While a message is handled here,
 * a second delivery of it waits for the outcome of the first; that happens when a connection broke under a handler.
 * While the ledger is away nothing is handled: the message is postponed.
 */
export function deduplicate(ledger: MessageLedger): Layer {
  return (next) => {
    const running = new Map<string, Promise<Outcome>>();
    return async (delivery) => {
      const { queue, messageId } = delivery;
      for (let earlier = running.get(messageId); earlier; earlier = running.get(messageId)) {
        await earlier.catch(() => undefined);
      }
      const handle = async (): Promise<Outcome> => {
        let state: 'open' | 'settled';
        try {
          state = await ledger.received(queue, messageId);
        } catch (error) {
          return { kind: 'postpone', error };
        }
        return state === 'settled' ? { kind: 'duplicate' } : next(delivery);
      };
      const outcome = handle();
      running.set(messageId, outcome);
      try {
        return await outcome;
      } finally {
        running.delete(messageId);
      }
    };
  };
}
