import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../workers/services/payment-sandbox/faults.ts';
import { paymentSandbox } from '../../../workers/services/payment-sandbox/service.ts';
import { serveSandbox } from '../serve-sandbox.ts';
import { clearFaults, injectFault, readLedger } from './sandbox-client.ts';

let directory: string;
let sandbox: Awaited<ReturnType<typeof start>>;
const start = () =>
  serveSandbox('payment-sandbox', paymentSandbox, { SANDBOX_LEDGER_FILE: join(directory, 'ledger.jsonl') });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-sandbox-'));
  sandbox = await start();
});
afterEach(async () => {
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
});

const pay = (
  key: string,
  changes: Readonly<Record<string, string>> = {},
  authorization = 'Bearer sk_test_sandbox',
) =>
  fetch(`${sandbox.url}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization, 'idempotency-key': key },
    body: new URLSearchParams({
      amount: '1250',
      currency: 'eur',
      payment_method: 'pm_card_visa',
      confirm: 'true',
      'metadata[orderId]': 'order-1',
      ...changes,
    }),
  });

const get = async (path: string) => {
  const headers = { authorization: 'Bearer sk_test_sandbox' };
  return (await fetch(`${sandbox.url}${path}`, { headers })).json();
};

const ledger = () => readLedger(sandbox.url);
const inject = (fault: Fault | { readonly kind: string }) => injectFault(sandbox.url, fault);

describe('the payment sandbox', () => {
  it('answers a repeated request with the same charge and says that it is a repetition', async () => {
    const first = await pay('k');
    const second = await pay('k');
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await second.json()).toEqual(await first.json());
    expect(await ledger()).toMatchObject({ totals: { succeeded: 1, replayed: 1 } });
  });

  it('refuses another request under the same key', async () => {
    await pay('k');
    const other = await pay('k', { amount: '9999' });
    expect(other.status).toBe(400);
    expect(await other.json()).toMatchObject({ error: { type: 'idempotency_error' } });
  });

  it('answers 409 to a request whose key is in use at the moment', async () => {
    await inject({ kind: 'latency', ms: 1_000 });
    const statuses = (await Promise.all([pay('k'), pay('k'), pay('k')])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409, 409]);
    expect((await ledger()).charges).toHaveLength(1);
  });

  it('declines as the card says, and shows it in the ledger', async () => {
    const answer = await pay('k', { payment_method: 'pm_card_chargeDeclinedInsufficientFunds' });
    expect(answer.status).toBe(402);
    expect(await answer.json()).toMatchObject({ error: { decline_code: 'insufficient_funds' } });
    expect(await ledger()).toMatchObject({
      charges: [
        { status: 'declined', orderId: 'order-1', amountMinor: 1_250, currency: 'eur', idempotencyKey: 'k' },
      ],
      totals: { succeeded: 0, declined: 1 },
    });
  });

  it('refuses a live key and a missing one', async () => {
    expect((await pay('k', {}, 'Bearer sk_live_x')).status).toBe(401);
    expect((await pay('k', {}, '')).status).toBe(401);
    expect((await ledger()).charges).toEqual([]);
  });

  it('answers in its own format when a path or a body is not of the provider', async () => {
    const json = await fetch(`${sandbox.url}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_x', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(json.status).toBe(400);
    const unknown = await fetch(`${sandbox.url}/v1/refunds`);
    expect(await unknown.json()).toMatchObject({ error: { code: 'ROUTE_NOT_FOUND' } });
  });

  it('finds a payment intent by its id and by its order', async () => {
    // The answer of the request above is a payment intent.
    const intent = (await (await pay('k')).json()) as { id: string };
    expect(await get(`/v1/payment_intents/${intent.id}`)).toEqual(intent);
    expect(await get(`/v1/payment_intents/search?query=metadata['orderId']:'order-1'`)).toMatchObject({
      data: [intent],
    });
    expect(await get('/v1/payment_intents/pi_none')).toMatchObject({ error: { code: 'resource_missing' } });
  });

  it('charges nothing when told to answer with an error, and charges when asked again', async () => {
    await inject({ kind: 'error', count: 1 });
    expect((await pay('k')).status).toBe(500);
    expect((await ledger()).charges).toEqual([]);
    expect((await pay('k')).status).toBe(200);
  });

  it('charges and then drops the connection when told so; the repetition shows the charge', async () => {
    await inject({ kind: 'drop-response' });
    await expect(pay('k')).rejects.toThrow();
    expect((await ledger()).charges).toHaveLength(1);
    expect((await pay('k')).headers.get('idempotent-replayed')).toBe('true');
  });

  it('shows and clears the planned faults, and refuses one it does not know', async () => {
    expect((await inject({ kind: 'error', ratio: 1 })).status).toBe(201);
    expect(await get('/faults')).toEqual({ faults: [{ kind: 'error', ratio: 1 }] });
    await clearFaults(sandbox.url);
    expect(await get('/faults')).toEqual({ faults: [] });
    expect((await inject({ kind: 'fire' })).status).toBe(400);
  });

  it('lists the charges of one order', async () => {
    await pay('a');
    await pay('b', { 'metadata[orderId]': 'order-2' });
    expect((await readLedger(sandbox.url, '/ledger?orderId=order-2')).charges).toEqual([
      expect.objectContaining({ orderId: 'order-2', idempotencyKey: 'b' }),
    ]);
  });

  it('keeps its ledger over a restart', async () => {
    const before = await (await pay('k')).json();
    await sandbox.close();
    sandbox = await start();
    const again = await pay('k');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.json()).toEqual(before);
  });

  it('shows the ledger as a page in which nothing of a request is markup', async () => {
    await pay('k', { 'metadata[orderId]': '<script>alert(1)</script>' });
    await pay('l', { payment_method: 'pm_card_chargeDeclined' });
    const page = await fetch(`${sandbox.url}/`);
    const text = await page.text();
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toContain('<script>');
    expect(text).toContain('Charged: 1. Declined: 1.');
    expect(text).toContain('No order was charged twice');
  });

  it('warns on the page about an order that was charged twice', async () => {
    await pay('a');
    await pay('b');
    expect(await (await fetch(`${sandbox.url}/`)).text()).toContain('1 orders were charged more than once');
    expect(await ledger()).toMatchObject({ totals: { doubleCharged: 1 } });
  });
});
