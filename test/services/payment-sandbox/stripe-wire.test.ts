import { describe, expect, it } from '@jest/globals';
import { testCards } from '../../../workers/services/payment-sandbox/cards.ts';
import type { Charge } from '../../../workers/services/payment-sandbox/charge.ts';
import {
  chargeAnswer,
  readChargeRequest,
  requireTestKey,
  searchedOrderId,
} from '../../../workers/services/payment-sandbox/stripe-wire.ts';

const fields = {
  amount: '1250',
  currency: 'eur',
  payment_method: 'pm_card_visa',
  'allowed_payment_method_types[0]': 'card',
  confirm: 'true',
  off_session: 'true',
  'metadata[orderId]': 'order-1',
};

const form = (changes: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({ ...fields, ...changes }).toString();

/** The error that refuses a request, as Stripe writes it. */
function refusal(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error;
  }
  throw new Error('was not refused');
}

const charge = (changes: Partial<Charge> = {}): Charge => ({
  chargeId: 'ch_1',
  orderId: 'order-1',
  amountMinor: 1_250,
  currency: 'eur',
  status: 'succeeded',
  paymentMethod: 'pm_card_visa',
  idempotencyKey: 'order-1:payment',
  fingerprint: 'f',
  at: '2026-01-01T00:00:00.000Z',
  ...changes,
});

describe('a request to charge', () => {
  it('is read from the form that the client sends', () => {
    expect(readChargeRequest(form(), 'order-1:payment')).toMatchObject({
      orderId: 'order-1',
      amountMinor: 1_250,
      currency: 'eur',
      paymentMethod: 'pm_card_visa',
      idempotencyKey: 'order-1:payment',
    });
  });

  it('needs neither a key nor an order', () => {
    const { 'metadata[orderId]': _, ...rest } = fields;
    const read = readChargeRequest(new URLSearchParams(rest).toString(), undefined);
    expect(read).toMatchObject({ orderId: null, idempotencyKey: null });
  });

  it('has the same fingerprint whatever the order of its parameters, and another one when a value differs', () => {
    const reversed = new URLSearchParams(Object.entries(fields).reverse()).toString();
    const { fingerprint } = readChargeRequest(form(), undefined);
    expect(readChargeRequest(reversed, undefined).fingerprint).toBe(fingerprint);
    expect(readChargeRequest(form({ amount: '1251' }), undefined).fingerprint).not.toBe(fingerprint);
  });

  it.each([
    ['an amount that is no whole number', { amount: '12.5' }, 'amount'],
    ['an amount of nothing', { amount: '0' }, 'amount'],
    ['a currency in capitals', { currency: 'EUR' }, 'currency'],
    ['an unknown card', { payment_method: 'pm_unknown' }, 'payment_method'],
    ['an intent that is not confirmed at once', { confirm: 'false' }, 'confirm'],
    ['a parameter outside the subset', { capture_method: 'manual' }, 'capture_method'],
  ])('is refused with 400 for %s, naming the parameter', (_what, changes, param) => {
    expect(refusal(() => readChargeRequest(form(changes), undefined))).toMatchObject({
      answer: { status: 400, body: { error: { type: 'invalid_request_error', param } } },
    });
  });

  it('is refused when its key is too long', () => {
    expect(refusal(() => readChargeRequest(form(), 'k'.repeat(256)))).toMatchObject({
      answer: { status: 400 },
    });
    expect(readChargeRequest(form(), 'k'.repeat(255)).idempotencyKey).toHaveLength(255);
  });
});

describe('an answer', () => {
  it('is a succeeded payment intent for a paid charge', () => {
    expect(chargeAnswer(charge())).toMatchObject({
      status: 200,
      body: {
        id: 'pi_1',
        status: 'succeeded',
        latest_charge: 'ch_1',
        amount: 1_250,
        metadata: { orderId: 'order-1' },
      },
    });
  });

  it.each([...testCards].flatMap(([card, { status }]) => (status === 'declined' ? [card] : [])))(
    'is a card error with a decline code for %s',
    (paymentMethod) => {
      expect(chargeAnswer(charge({ status: 'declined', paymentMethod }))).toMatchObject({
        status: 402,
        body: {
          error: {
            type: 'card_error',
            charge: 'ch_1',
            decline_code: expect.any(String),
            payment_intent: { status: 'requires_payment_method' },
          },
        },
      });
    },
  );
});

describe('an API key', () => {
  it('is let in when it is a test key', () => {
    expect(() => requireTestKey('Bearer sk_test_sandbox')).not.toThrow();
  });

  it.each([undefined, '', 'Bearer ', 'Basic sk_test_x', 'Bearer sk_live_1234567890'])(
    'is refused: %s',
    (header) => {
      expect(refusal(() => requireTestKey(header))).toMatchObject({ answer: { status: 401 } });
    },
  );

  it('is not repeated in the refusal of a live key', () => {
    expect(JSON.stringify(refusal(() => requireTestKey('Bearer sk_live_1234567890')))).not.toContain(
      '1234567890',
    );
  });
});

describe('a search', () => {
  it('asks for the intents of an order, with either kind of quotation mark', () => {
    expect(searchedOrderId(`metadata['orderId']:'order-1'`)).toBe('order-1');
    expect(searchedOrderId(`metadata["orderId"]:"order-1"`)).toBe('order-1');
  });

  it.each([undefined, '', `status:'succeeded'`])('of another form is refused: %s', (query) => {
    expect(refusal(() => searchedOrderId(query))).toMatchObject({ answer: { status: 400 } });
  });
});
