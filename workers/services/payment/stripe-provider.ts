import { Stripe } from 'stripe';
import { PlatformError } from '../../platform/errors.ts';
import { queues } from '../../platform/queues.ts';
import type { PaymentRecord } from '../../state/records/payments.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { PaymentProvider, PaymentRequest } from './payment-provider.ts';
import { stripeFailure } from './stripe-failure.ts';

export interface StripeProviderOptions {
  readonly secretKey: string;
  /** Base URL of the API, without a path. @default Stripe itself */
  readonly apiUrl?: string | undefined;
  readonly log: Logger;
}

const hour = 60 * 60 * 1_000;

/** Requests after the first one for the same charge; all carry the same idempotency key. */
const maxNetworkRetries = 2;

/** Every try together must end before the handler's own time limit does. */
const timeoutMs = Math.floor(queues.payment_process.handlerTimeoutMs / (maxNetworkRetries + 2));

/**
 * Charges cards through Stripe's API: one payment intent for each order, created and confirmed in one call.
 * @throws PlatformError CONFIG_INVALID when the URL has a path, which the API's client cannot take
 */
export function createStripeProvider(options: StripeProviderOptions): PaymentProvider {
  const stripe = new Stripe(options.secretKey, {
    ...addressOf(options.apiUrl),
    maxNetworkRetries,
    timeout: timeoutMs,
    telemetry: false,
  });
  const asking = async <T>(ask: () => Promise<T>): Promise<T | PaymentRecord> => {
    try {
      return await ask();
    } catch (error) {
      return stripeFailure(error, options.log);
    }
  };
  return {
    // Stripe forgets a key when it is at least 24 hours old; the margin covers clocks that differ.
    remembersForMs: 20 * hour,
    charge: (request) =>
      asking(async () => {
        const created = await stripe.paymentIntents.create(paymentIntentOf(request), {
          // The same request must always carry the same parameters too: Stripe compares them.
          idempotencyKey: `${request.orderId}:payment`,
        });
        // A repeated request is answered with what the intent was at first, so what was pending is read afresh.
        const intent =
          created.status === 'processing' ? await stripe.paymentIntents.retrieve(created.id) : created;
        return outcomeOf(intent);
      }),
    findCharge: (orderId) =>
      asking(async () => {
        const { data } = await stripe.paymentIntents.search({ query: `metadata['orderId']:'${orderId}'` });
        const intent = data.find(({ status }) => status === 'succeeded' || status === 'processing');
        return intent === undefined ? undefined : outcomeOf(intent);
      }),
  };
}

function paymentIntentOf({
  orderId,
  amount,
  paymentMethod,
}: PaymentRequest): Stripe.PaymentIntentCreateParams {
  return {
    amount: amount.amountMinor,
    currency: amount.currency.toLowerCase(),
    payment_method: paymentMethod,
    allowed_payment_method_types: ['card'],
    confirm: true,
    off_session: true,
    metadata: { orderId },
  };
}

function outcomeOf(intent: Stripe.PaymentIntent): PaymentRecord {
  const { status, latest_charge: charge } = intent;
  if (status === 'succeeded') {
    return { outcome: 'paid', chargeId: (typeof charge === 'string' ? charge : charge?.id) ?? intent.id };
  }
  if (status === 'processing') {
    throw new PlatformError('PAYMENT_PROVIDER_FAILED', 'The payment provider still works on the charge.');
  }
  return { outcome: 'declined', reason: intent.last_payment_error?.decline_code ?? status };
}

function addressOf(apiUrl: string | undefined): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> {
  if (apiUrl === undefined) return {};
  const { protocol, hostname, port, pathname } = new URL(apiUrl);
  if (pathname !== '/') {
    throw new PlatformError(
      'CONFIG_INVALID',
      `PAYMENT_API_URL: ${apiUrl} has a path; give host and port only`,
    );
  }
  return {
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
  };
}
