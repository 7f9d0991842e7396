import type { Delivery, Handle } from '../delivery.ts';
import { outcomeOfError } from '../outcomes.ts';

/** The innermost handle: runs the handler and turns an error that it throws into an outcome. */
export function runHandler(handler: (payload: unknown, delivery: Delivery) => Promise<void>): Handle {
  return async (delivery) => {
    try {
      await handler(delivery.payload, delivery);
      return { kind: 'done' };
    } catch (error) {
      return outcomeOfError(error);
    }
  };
}
