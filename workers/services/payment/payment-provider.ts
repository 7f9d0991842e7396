import type { Money } from '../../platform/order.ts';
import type { PaymentRecord } from '../../state/records/payments.ts';

/** A charge to make for one order. */
export interface PaymentRequest {
  readonly orderId: string;
  readonly amount: Money;
  /** The provider's token for the customer's card. */
  readonly paymentMethod: string;
}

/** Charges cards. */
export interface PaymentProvider {
  /**
   * How long the provider remembers the requests it executed, in milliseconds: within this time a repeated
   * `charge` is safe, after it `findCharge` must be asked first.
   */
  readonly remembersForMs: number;
  /**
   * Charges an order. Asking again for the same order gives the first answer and charges nothing.
   *
   * @returns that the order is paid, or that its card was declined for good
   * @throws PlatformError PAYMENT_PROVIDER_FAILED when the outcome is unknown or the provider cannot be used now;
   *   asking again is safe
   * @throws PlatformError MESSAGE_REJECTED when the provider will never accept this request
   */
  charge(request: PaymentRequest): Promise<PaymentRecord>;
  /**
   * The successful charge of an order, however long ago it was made.
   * @throws PlatformError PAYMENT_PROVIDER_FAILED
   */
  findCharge(orderId: string): Promise<PaymentRecord | undefined>;
}
