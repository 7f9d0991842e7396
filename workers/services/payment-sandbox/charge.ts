import { z } from 'zod';

/** One charge that the sandbox made or declined, as its ledger file holds it. */
export const Charge = z.strictObject({
  chargeId: z.string(),
  orderId: z.string().nullable(),
  amountMinor: z.int().min(1),
  currency: z.string(),
  status: z.enum(['succeeded', 'declined']),
  paymentMethod: z.string(),
  idempotencyKey: z.string().nullable(),
  /** Digest of the request, to tell a repeated request from a different one under the same key. */
  fingerprint: z.string(),
  at: z.iso.datetime(),
});
export type Charge = z.infer<typeof Charge>;

/** The id of the payment intent a charge belongs to; the sandbox makes one of each at once. */
export function paymentIntentIdOf(chargeId: string): string {
  return chargeId.replace(/^ch_/, 'pi_');
}
