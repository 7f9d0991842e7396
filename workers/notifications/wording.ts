import type { z } from 'zod';
import type { SendNotification } from '../platform/payloads.ts';

/** What a customer can be told of an order. */
export type OrderEvent = z.infer<typeof SendNotification>['about'];

/** What is said about one event of an order. */
export interface OrderWords {
  readonly headline: string;
  readonly sentence: string;
}

/** The words of one language. */
export interface Wording {
  /** @param declineReason the provider's reason for a declined payment */
  order(event: OrderEvent, restaurant: string, declineReason: string | undefined): OrderWords;
  /** The line that names an order with its total and the time it was placed. */
  reference(orderId: string, total: string, placedAt: string): string;
  readonly total: string;
  readonly reminder: {
    readonly subject: string;
    greeting(name: string): string;
    readonly sentence: string;
    readonly invitation: string;
    readonly unsubscribe: string;
  };
}
