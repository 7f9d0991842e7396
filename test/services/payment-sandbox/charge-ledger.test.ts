import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ChargeLedger, type ChargeRequest } from '../../../workers/services/payment-sandbox/charge-ledger.ts';

const request = (changes: Partial<ChargeRequest> = {}): ChargeRequest => ({
  orderId: 'order-1',
  amountMinor: 2_000,
  currency: 'eur',
  paymentMethod: 'pm_card_visa',
  idempotencyKey: 'order-1:payment',
  fingerprint: 'same',
  ...changes,
});

describe('charge ledger', () => {
  it('charges once for a key, however often it is asked, and gives the same charge each time', async () => {
    const ledger = await ChargeLedger.open(undefined);
    const first = await ledger.charge(request());
    const second = await ledger.charge(request());
    expect(first).toMatchObject({ kind: 'charged', charge: { status: 'succeeded', orderId: 'order-1' } });
    expect(second).toEqual({ ...first, kind: 'replayed' });
    expect(ledger.totals()).toEqual({ succeeded: 1, declined: 0, replayed: 1, doubleCharged: 0 });
  });

  it('keeps a decline under its key as well', async () => {
    const ledger = await ChargeLedger.open(undefined);
    const first = await ledger.charge(request({ paymentMethod: 'pm_card_chargeDeclined' }));
    expect(first).toMatchObject({ kind: 'charged', charge: { status: 'declined' } });
    expect((await ledger.charge(request({ paymentMethod: 'pm_card_chargeDeclined' }))).kind).toBe('replayed');
    expect(ledger.totals()).toMatchObject({ succeeded: 0, declined: 1 });
  });

  it('refuses another request under a key that was used', async () => {
    const ledger = await ChargeLedger.open(undefined);
    await ledger.charge(request());
    expect(await ledger.charge(request({ fingerprint: 'other' }))).toEqual({ kind: 'key-reused' });
    expect(ledger.charges).toHaveLength(1);
  });

  it('refuses a second request while the first one with its key is executed', async () => {
    const ledger = await ChargeLedger.open(undefined);
    const first = ledger.charge(request(), { delayMs: 50 });
    expect(await ledger.charge(request())).toEqual({ kind: 'key-in-use' });
    expect((await first).kind).toBe('charged');
    expect((await ledger.charge(request())).kind).toBe('replayed');
  });

  it('makes double charges visible where no key protects an order', async () => {
    const ledger = await ChargeLedger.open(undefined);
    await ledger.charge(request({ idempotencyKey: null }));
    await ledger.charge(request({ idempotencyKey: null }));
    expect(ledger.totals()).toMatchObject({ succeeded: 2, doubleCharged: 1 });
    expect(ledger.ofOrder('order-1')).toHaveLength(2);
  });

  it('does not call a declined and then paid order charged twice', async () => {
    const ledger = await ChargeLedger.open(undefined);
    await ledger.charge(request({ idempotencyKey: null, paymentMethod: 'pm_card_chargeDeclined' }));
    await ledger.charge(request({ idempotencyKey: null }));
    expect(ledger.totals().doubleCharged).toBe(0);
  });

  it('remembers charges and keys over a restart', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'smarteats-ledger-'));
    try {
      const path = join(directory, 'ledger.jsonl');
      const before = await ChargeLedger.open(path);
      const first = await before.charge(request());
      await before.close();
      const after = await ChargeLedger.open(path);
      expect(await after.charge(request())).toEqual({ ...first, kind: 'replayed' });
      expect(await after.charge(request({ fingerprint: 'other' }))).toEqual({ kind: 'key-reused' });
      expect(after.totals().succeeded).toBe(1);
      await after.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('charges nothing that it could not write down', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'smarteats-ledger-'));
    const ledger = await ChargeLedger.open(join(directory, 'ledger.jsonl'));
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
    await expect(ledger.charge(request())).rejects.toThrow();
    expect(ledger.charges).toEqual([]);
    await expect(ledger.charge(request())).rejects.toThrow();
  });
});
