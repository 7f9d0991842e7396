import { Stripe } from 'stripe';
import { PlatformError } from '../../platform/errors.ts';
import type { PaymentRecord } from '../../state/records/payments.ts';
import type { Logger } from '../../telemetry/log.ts';

/** Refusals that no repetition changes and that the customer can only cure with another card or order. */
const customersCodes: ReadonlySet<string> = new Set([
  'amount_too_large',
  'amount_too_small',
  'payment_method_invalid_parameter',
  'payment_method_unactivated',
  'payment_method_unexpected_state',
]);

const { StripeError, StripeCardError, StripeAuthenticationError, StripePermissionError } = Stripe.errors;
const { StripeIdempotencyError, StripeInvalidRequestError } = Stripe.errors;

/**
 * Decides what a failed request to Stripe means for the order (Stripe API reference, "Errors").
 *
 * @returns that the order is declined, where the answer says so for certain
 * @throws PlatformError PAYMENT_PROVIDER_FAILED where the outcome is unknown or the fault is not the order's:
 *   no answer, 5xx, 429, a key in use (409), a wrong API key (401, 403)
 * @throws PlatformError MESSAGE_REJECTED where Stripe refuses the request itself
 */
export function stripeFailure(error: unknown, log: Logger): PaymentRecord {
  if (error instanceof PlatformError || !(error instanceof StripeError)) throw error;
  if (error instanceof StripeCardError) return declined(error.decline_code || error.code || 'card_declined');
  if (error instanceof StripeAuthenticationError || error instanceof StripePermissionError) {
    log.error(
      { status: error.statusCode, requestId: error.requestId },
      'the payment provider refuses the API key',
    );
    throw failed('The payment provider refuses the API key.', error);
  }
  if (error instanceof StripeIdempotencyError && error.statusCode === 400) {
    throw rejected('The order was sent to the payment provider before with other data', error);
  }
  if (error instanceof StripeInvalidRequestError) {
    if (isTheCustomersToCure(error)) return declined(error.code ?? 'invalid_payment_method');
    throw rejected('The payment provider refuses the request', error);
  }
  throw failed(`The payment provider failed (${error.statusCode ?? 'no answer'}).`, error);
}

function isTheCustomersToCure({ code, param }: Stripe.errors.StripeError): boolean {
  return customersCodes.has(code ?? '') || (code === 'resource_missing' && param === 'payment_method');
}

function declined(reason: string): PaymentRecord {
  return { outcome: 'declined', reason };
}

function failed(message: string, cause: Stripe.errors.StripeError): PlatformError {
  return new PlatformError('PAYMENT_PROVIDER_FAILED', message, {
    details: { status: cause.statusCode ?? null, providerRequestId: cause.requestId ?? null },
    cause,
  });
}

function rejected(message: string, cause: Stripe.errors.StripeError): PlatformError {
  return new PlatformError('MESSAGE_REJECTED', `${message}: ${cause.message}`, {
    details: { status: cause.statusCode ?? null, code: cause.code ?? null, param: cause.param ?? null },
    cause,
  });
}
