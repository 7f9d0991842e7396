import { createHash } from 'node:crypto';
import { testCards } from './cards.ts';
import { type Charge, paymentIntentIdOf } from './charge.ts';
import type { ChargeRequest } from './charge-ledger.ts';

/** An answer in Stripe's format. */
export interface StripeAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Thrown for a request that Stripe would refuse before it begins to execute. */
export class RequestRefused extends Error {
  readonly answer: StripeAnswer;

  constructor(status: number, error: Readonly<Record<string, unknown>> & { readonly message: string }) {
    super(error.message);
    this.answer = { status, body: { error } };
  }
}

const maxKeyLength = 255;

const known =
  /^(amount|currency|confirm|off_session|payment_method|allowed_payment_method_types\[0\]|metadata\[\w+\])$/;

/**
 * Reads the form that creates and confirms a payment intent (Stripe API reference, "Create a PaymentIntent").
 * Parameters outside the subset the sandbox knows are refused rather than ignored.
 *
 * @throws RequestRefused
 */
export function readChargeRequest(body: string, idempotencyKey: string | undefined): ChargeRequest {
  if (idempotencyKey !== undefined && idempotencyKey.length > maxKeyLength) {
    throw invalid(`Idempotency keys are limited to ${maxKeyLength} characters.`);
  }
  const form = new URLSearchParams(body);
  for (const name of form.keys()) {
    if (!known.test(name)) throw invalid(`Received unknown parameter: ${name}`, name, 'parameter_unknown');
  }
  if (form.get('confirm') !== 'true') {
    throw invalid('This sandbox only knows payment intents with confirm=true.', 'confirm');
  }
  return {
    orderId: form.get('metadata[orderId]'),
    amountMinor: amountOf(form),
    currency: currencyOf(form),
    paymentMethod: paymentMethodOf(form),
    idempotencyKey: idempotencyKey ?? null,
    fingerprint: createHash('sha256').update(sorted(form)).digest('hex'),
  };
}

/** The answer to a request that charged a card or had it declined; the same charge gives the same answer. */
export function chargeAnswer(charge: Charge): StripeAnswer {
  const card = testCards.get(charge.paymentMethod);
  if (charge.status === 'succeeded' || card === undefined || card.status === 'succeeded') {
    return { status: 200, body: paymentIntent(charge) };
  }
  return {
    status: 402,
    body: {
      error: {
        type: 'card_error',
        code: card.code,
        decline_code: card.declineCode,
        message: card.message,
        charge: charge.chargeId,
        payment_intent: paymentIntent(charge),
      },
    },
  };
}

/** The payment intent of a charge (Stripe API reference, "The PaymentIntent object"). */
export function paymentIntent(charge: Charge): Readonly<Record<string, unknown>> {
  const succeeded = charge.status === 'succeeded';
  return {
    id: paymentIntentIdOf(charge.chargeId),
    object: 'payment_intent',
    amount: charge.amountMinor,
    amount_received: succeeded ? charge.amountMinor : 0,
    currency: charge.currency,
    created: Math.floor(Date.parse(charge.at) / 1_000),
    latest_charge: charge.chargeId,
    livemode: false,
    metadata: charge.orderId === null ? {} : { orderId: charge.orderId },
    next_action: null,
    payment_method: succeeded ? charge.paymentMethod : null,
    payment_method_types: ['card'],
    status: succeeded ? 'succeeded' : 'requires_payment_method',
  };
}

/** The order id that a search for payment intents asks for; the sandbox knows this one form of query. */
export function searchedOrderId(query: string | undefined): string {
  const orderId = /^metadata\[["']orderId["']\]:["']([\w-]+)["']$/.exec(query ?? '')?.[1];
  if (orderId === undefined) throw invalid("This sandbox searches by metadata['orderId']:'…' only.", 'query');
  return orderId;
}

/**
 * Lets in test keys only, so that a live key sent here by mistake is refused.
 * @throws RequestRefused
 */
export function requireTestKey(authorization: string | undefined): void {
  const key = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  if (key?.startsWith('sk_test_') === true) return;
  const message =
    key === undefined
      ? 'You did not provide an API key.'
      : `Invalid API Key provided: ${key.slice(0, 3)}****`;
  throw new RequestRefused(401, { type: 'invalid_request_error', message });
}

function amountOf(form: URLSearchParams): number {
  const text = form.get('amount') ?? '';
  if (!/^\d{1,9}$/.test(text))
    throw invalid(`Invalid integer: ${text}`, 'amount', 'parameter_invalid_integer');
  const amount = Number(text);
  if (amount < 1) throw invalid('Amount must be at least 1.', 'amount', 'amount_too_small');
  return amount;
}

function currencyOf(form: URLSearchParams): string {
  const currency = form.get('currency') ?? '';
  if (!/^[a-z]{3}$/.test(currency)) throw invalid(`Invalid currency: ${currency}`, 'currency');
  return currency;
}

function paymentMethodOf(form: URLSearchParams): string {
  const paymentMethod = form.get('payment_method') ?? '';
  if (!testCards.has(paymentMethod)) {
    throw invalid(`No such PaymentMethod: '${paymentMethod}'`, 'payment_method', 'resource_missing');
  }
  return paymentMethod;
}

function invalid(message: string, param?: string, code?: string): RequestRefused {
  return new RequestRefused(400, {
    type: 'invalid_request_error',
    message,
    ...(param !== undefined && { param }),
    ...(code !== undefined && { code }),
  });
}

function sorted(form: URLSearchParams): string {
  const copy = new URLSearchParams(form);
  copy.sort();
  return copy.toString();
}
