import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PaymentProvider } from '../../../workers/services/payment/payment-provider.ts';
import { createStripeProvider } from '../../../workers/services/payment/stripe-provider.ts';
import type { Fault } from '../../../workers/services/payment-sandbox/faults.ts';
import { paymentSandbox } from '../../../workers/services/payment-sandbox/service.ts';
import { createLogger } from '../../../workers/telemetry/log.ts';
import { clearFaults, injectFault, readLedger } from '../payment-sandbox/sandbox-client.ts';
import { serveSandbox } from '../serve-sandbox.ts';

let sandbox: Awaited<ReturnType<typeof serveSandbox>>;
let provider: PaymentProvider;
let logged: string[];

const connect = (apiUrl: string, secretKey = 'sk_test_sandbox') =>
  createStripeProvider({
    apiUrl,
    secretKey,
    log: createLogger({
      service: 'test',
      level: 'error',
      destination: { write: (line) => void logged.push(line) },
    }),
  });

beforeEach(async () => {
  logged = [];
  sandbox = await serveSandbox('payment-sandbox', paymentSandbox);
  provider = connect(sandbox.url);
});
afterEach(() => sandbox.close());

const request = (orderId = 'order-1', paymentMethod = 'pm_card_visa') => ({
  orderId,
  paymentMethod,
  amount: { amountMinor: 1_999, currency: 'EUR' },
});

const ledger = () => readLedger(sandbox.url);
const inject = (fault: Fault) => injectFault(sandbox.url, fault);

/** A server that gives every request the same answer. */
async function alwaysAnswering(status: number, body: unknown): Promise<{ url: string; close: () => void }> {
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json', 'stripe-should-retry': 'false' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('charging through the Stripe client', () => {
  it('pays with a good card: minor units, lower-case currency, the order in the metadata', async () => {
    const paid = await provider.charge(request());
    expect(await ledger()).toMatchObject({
      charges: [
        {
          orderId: 'order-1',
          amountMinor: 1_999,
          currency: 'eur',
          status: 'succeeded',
          idempotencyKey: 'order-1:payment',
        },
      ],
    });
    expect(paid).toEqual({ outcome: 'paid', chargeId: (await ledger()).charges[0]?.chargeId });
  });

  it('charges once when asked twice', async () => {
    const first = await provider.charge(request());
    expect(await provider.charge(request())).toEqual(first);
    expect((await ledger()).totals).toMatchObject({ succeeded: 1, replayed: 1 });
  });

  it('charges once when asked five times at the same moment', async () => {
    await inject({ kind: 'latency', ms: 100, count: 1 });
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => provider.charge(request())));
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'PAYMENT_PROVIDER_FAILED' });
      else expect(result.value.outcome).toBe('paid');
    }
    expect((await ledger()).totals.succeeded).toBe(1);
  });

  it.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_authenticationRequired', 'authentication_required'],
  ])('says why a card was declined: %s', async (card, reason) => {
    expect(await provider.charge(request('order-1', card))).toEqual({ outcome: 'declined', reason });
    expect(await provider.charge(request('order-1', card))).toEqual({ outcome: 'declined', reason });
    expect((await ledger()).charges).toHaveLength(1);
  });

  it('declines a card that the provider does not know', async () => {
    const unknown = await provider.charge(request('order-1', 'pm_unknown'));
    expect(unknown).toEqual({ outcome: 'declined', reason: 'resource_missing' });
  });

  it('gets over an answer that was lost after the charge, without charging twice', async () => {
    await inject({ kind: 'drop-response' });
    expect(await provider.charge(request())).toMatchObject({ outcome: 'paid' });
    expect((await ledger()).totals).toMatchObject({ succeeded: 1, replayed: 1 });
  });

  it('gets over passing server errors', async () => {
    await inject({ kind: 'error', count: 2 });
    expect(await provider.charge(request())).toMatchObject({ outcome: 'paid' });
  });

  it('fails with PAYMENT_PROVIDER_FAILED when errors last, and pays once when asked again later', async () => {
    await inject({ kind: 'error', count: 3 });
    await expect(provider.charge(request())).rejects.toMatchObject({
      code: 'PAYMENT_PROVIDER_FAILED',
      details: { status: 500 },
    });
    expect(await provider.charge(request())).toMatchObject({ outcome: 'paid' });
    expect((await ledger()).totals.succeeded).toBe(1);
  });

  it('fails, rather than declines, when the same charge may have been made without an answer', async () => {
    await inject({ kind: 'drop-response', ratio: 1 });
    await expect(provider.charge(request())).rejects.toMatchObject({ code: 'PAYMENT_PROVIDER_FAILED' });
    await clearFaults(sandbox.url);
    expect(await provider.charge(request())).toMatchObject({ outcome: 'paid' });
    expect((await ledger()).totals.succeeded).toBe(1);
  });

  it('fails when nobody listens', async () => {
    await sandbox.close();
    await expect(provider.charge(request())).rejects.toMatchObject({ code: 'PAYMENT_PROVIDER_FAILED' });
  });

  it('never takes a refused API key for a declined card, and says so loudly without the key', async () => {
    await expect(connect(sandbox.url, 'sk_live_1234567890').charge(request())).rejects.toMatchObject({
      code: 'PAYMENT_PROVIDER_FAILED',
      details: { status: 401 },
    });
    expect(logged.join()).toContain('refuses the API key');
    expect(logged.join()).not.toContain('1234567890');
  });

  it('rejects an order whose data differ from those sent before under its key', async () => {
    await provider.charge(request());
    const other = { ...request(), amount: { amountMinor: 5_000, currency: 'EUR' } };
    await expect(provider.charge(other)).rejects.toMatchObject({ code: 'MESSAGE_REJECTED' });
    expect((await ledger()).totals.succeeded).toBe(1);
  });

  it.each([
    ['too many requests', 429, { type: 'invalid_request_error', code: 'rate_limit' }],
    ['a key in use', 409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }],
    ['a forbidden key', 403, { type: 'invalid_request_error' }],
    ['a server that is away', 503, { type: 'api_error' }],
  ])('asks to try again after %s (%i)', async (_what, status, error) => {
    const server = await alwaysAnswering(status, { error: { message: 'no', ...error } });
    await expect(connect(server.url).charge(request())).rejects.toMatchObject({
      code: 'PAYMENT_PROVIDER_FAILED',
      details: { status },
    });
    server.close();
  });

  it('rejects a request that the provider refuses for what it is', async () => {
    const error = {
      type: 'invalid_request_error',
      code: 'parameter_unknown',
      param: 'x',
      message: 'Unknown: x',
    };
    const server = await alwaysAnswering(400, { error });
    await expect(connect(server.url).charge(request())).rejects.toMatchObject({
      code: 'MESSAGE_REJECTED',
      message: /Unknown: x/,
      details: { param: 'x' },
    });
    server.close();
  });

  it('declines an amount the provider cannot charge', async () => {
    const server = await alwaysAnswering(400, {
      error: {
        type: 'invalid_request_error',
        code: 'amount_too_small',
        param: 'amount',
        message: 'Too small',
      },
    });
    expect(await connect(server.url).charge(request())).toEqual({
      outcome: 'declined',
      reason: 'amount_too_small',
    });
    server.close();
  });

  it('waits for a charge that the provider still works on', async () => {
    const intent = { id: 'pi_1', object: 'payment_intent', status: 'processing', latest_charge: 'ch_1' };
    const server = await alwaysAnswering(200, intent);
    await expect(connect(server.url).charge(request())).rejects.toMatchObject({
      code: 'PAYMENT_PROVIDER_FAILED',
    });
    server.close();
  });

  it('declines a charge that would need the customer', async () => {
    const intent = { id: 'pi_1', object: 'payment_intent', status: 'requires_action', latest_charge: null };
    const server = await alwaysAnswering(200, intent);
    expect(await connect(server.url).charge(request())).toEqual({
      outcome: 'declined',
      reason: 'requires_action',
    });
    server.close();
  });

  it('takes no base URL with a path, since the client would leave it out', () => {
    expect(() => connect('http://127.0.0.1:1/api')).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });
});

describe('finding the charge of an order', () => {
  it('finds a paid one', async () => {
    const paid = await provider.charge(request());
    expect(await provider.findCharge('order-1')).toEqual(paid);
  });

  it('finds none for an order that was declined or never sent', async () => {
    await provider.charge(request('order-2', 'pm_card_chargeDeclined'));
    expect(await provider.findCharge('order-2')).toBeUndefined();
    expect(await provider.findCharge('order-3')).toBeUndefined();
  });

  it('fails when the provider does not answer', async () => {
    await sandbox.close();
    await expect(provider.findCharge('order-1')).rejects.toMatchObject({ code: 'PAYMENT_PROVIDER_FAILED' });
  });
});
