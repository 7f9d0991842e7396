import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OrderWorld } from '../order-flow/order-world.ts';
import { clearFaults, injectFault } from '../payment-sandbox/sandbox-client.ts';

let world: OrderWorld;
let orderId: string;
let count = 0;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  count += 1;
  orderId = `order_${count}_`;
  await clearFaults(world.sandboxUrl);
});

const request = (paymentMethod = 'pm_card_visa') => ({
  orderId,
  userId: 'user-1',
  amount: { amountMinor: 1_900, currency: 'EUR' },
  paymentMethod,
});
const payment = () => world.state.stores.payments.find(orderId);

describe('payment_process', () => {
  it('charges the order and says that it is paid', async () => {
    await world.handle('payment_process', request());
    const [charge] = await world.ledger(orderId);
    expect(charge).toMatchObject({
      status: 'succeeded',
      amountMinor: 1_900,
      idempotencyKey: `${orderId}:payment`,
    });
    const paid = { outcome: 'paid', chargeId: charge?.chargeId };
    expect(await payment()).toEqual(paid);
    expect(world.publisher.about(orderId)).toEqual([
      `payment_complete:${orderId} ${JSON.stringify({ queue: 'payment_complete', payload: { ...paid, orderId } })}`,
    ]);
  });

  it('says that the order is declined, and why', async () => {
    await world.handle('payment_process', request('pm_card_chargeDeclinedInsufficientFunds'));
    expect(await payment()).toEqual({ outcome: 'declined', reason: 'insufficient_funds' });
    expect(world.publisher.about(orderId)[0]).toContain('"reason":"insufficient_funds"');
  });

  it('asks the provider nothing more once the outcome is recorded', async () => {
    await world.state.stores.payments.record(orderId, { outcome: 'paid', chargeId: 'ch_earlier' });
    await world.handle('payment_process', request());
    expect(await world.ledger(orderId)).toEqual([]);
    expect(world.publisher.about(orderId)[0]).toContain('ch_earlier');
  });

  it('says and records nothing while the outcome is unknown, and charges once in the end', async () => {
    await injectFault(world.sandboxUrl, { kind: 'drop-response', ratio: 1 });
    await expect(world.handle('payment_process', request())).rejects.toMatchObject({
      code: 'PAYMENT_PROVIDER_FAILED',
    });
    expect(await payment()).toBeUndefined();
    expect(world.publisher.about(orderId)).toEqual([]);
    await clearFaults(world.sandboxUrl);
    await world.handle('payment_process', request());
    expect(await world.ledger(orderId)).toHaveLength(1);
    expect(await payment()).toMatchObject({ outcome: 'paid' });
  });

  it('charges once when two workers handle the same message at the same time', async () => {
    await injectFault(world.sandboxUrl, { kind: 'latency', ms: 200 });
    const results = await Promise.allSettled([1, 2, 3].map(() => world.handle('payment_process', request())));
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await world.ledger(orderId)).toHaveLength(1);
    expect(world.publisher.about(orderId)).toHaveLength(1);
  });

  it('looks for an earlier charge when the message is older than the memory of the provider', async () => {
    // The provider charged this order long ago under a key that it has forgotten since.
    const forgotten = await fetch(`${world.sandboxUrl}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_x' },
      body: new URLSearchParams({
        amount: '1900',
        currency: 'eur',
        payment_method: 'pm_card_visa',
        confirm: 'true',
        'metadata[orderId]': orderId,
      }),
    });
    expect(forgotten.status).toBe(200);
    const twoDaysAgo = new Date(Date.now() - 48 * 60 * 60 * 1_000);
    await world.handle('payment_process', request(), { publishedAt: twoDaysAgo });
    const charges = await world.ledger(orderId);
    expect(charges).toHaveLength(1);
    expect(await payment()).toEqual({ outcome: 'paid', chargeId: charges[0]?.chargeId });
  });

  it('charges an order of an old message that was never charged', async () => {
    await world.handle('payment_process', request(), { publishedAt: new Date(0) });
    expect(await world.ledger(orderId)).toHaveLength(1);
  });

  it('counts each outcome once', async () => {
    const before = await counted('declined');
    await world.handle('payment_process', request('pm_card_chargeDeclined'));
    await world.handle('payment_process', request('pm_card_chargeDeclined'));
    expect(await counted('declined')).toBe(before + 1);
  });
});

async function counted(outcome: string): Promise<number> {
  const { body } = await world.metrics.scrape();
  return Number(
    new RegExp(`^payments_total\\{.*outcome="${outcome}".*\\} (\\d+)$`, 'm').exec(body)?.[1] ?? 0,
  );
}
