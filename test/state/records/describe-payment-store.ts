import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PaymentRecord } from '../../../workers/state/records/payments.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

export function describePaymentStore(open: OpenStores): void {
  describe('the payment store', () => {
    let opened: OpenedStores;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('keeps what became of a charge', async () => {
      const paid: PaymentRecord = { outcome: 'paid', chargeId: 'ch_1' };
      expect(await opened.stores.payments.find('o1')).toBeUndefined();
      expect(await opened.stores.payments.record('o1', paid)).toEqual(paid);
      expect(await opened.elsewhere.payments.find('o1')).toEqual(paid);
    });

    it('keeps the first outcome, and says so to whoever brings another', async () => {
      const declined: PaymentRecord = { outcome: 'declined', reason: 'insufficient funds' };
      await opened.stores.payments.record('o1', declined);
      expect(await opened.stores.payments.record('o1', { outcome: 'paid', chargeId: 'ch_2' })).toEqual(
        declined,
      );
      expect(await opened.stores.payments.find('o1')).toEqual(declined);
    });

    it('gives all of many at once the same outcome', async () => {
      const kept = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          (i % 2 === 0 ? opened.stores : opened.elsewhere).payments.record('o1', {
            outcome: 'paid',
            chargeId: `ch_${i}`,
          }),
        ),
      );
      expect(new Set(kept.map((record) => JSON.stringify(record))).size).toBe(1);
      expect(await opened.stores.payments.find('o1')).toEqual(kept[0]);
    });
  });
}
