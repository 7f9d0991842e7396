import { z } from 'zod';

/** What became of the charge of an order. */
export const PaymentRecord = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('paid'), chargeId: z.string() }),
  z.strictObject({ outcome: z.literal('declined'), reason: z.string() }),
]);
export type PaymentRecord = z.infer<typeof PaymentRecord>;

export interface PaymentStore {
  find(orderId: string): Promise<PaymentRecord | undefined>;
  /** Keeps the first outcome recorded for an order. @returns the outcome that is kept */
  record(orderId: string, payment: PaymentRecord): Promise<PaymentRecord>;
}
