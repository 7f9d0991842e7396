import { describe, expect, it } from '@jest/globals';
import { Tally } from '../../cli/demo/tally.ts';

describe('the tally of a demo', () => {
  it('counts an order as finished with its first final status, and keeps that time', () => {
    const tally = new Tally();
    tally.placed('a', 'roma', performance.now() - 1_000);
    tally.changed('a', 'paid');
    expect(tally.finishedCount).toBe(0);
    tally.changed('a', 'delivered');
    const took = tally.outcomes[0]?.tookMs ?? 0;
    tally.changed('a', 'delivered');
    expect(tally.finishedCount).toBe(1);
    expect(took).toBeGreaterThanOrEqual(1_000);
    expect(tally.outcomes).toEqual([{ orderId: 'a', status: 'delivered', tookMs: took }]);
  });

  it('knows an order that was delivered, and by which restaurant', () => {
    const tally = new Tally();
    tally.placed('a', 'roma', performance.now());
    tally.placed('b', 'sushi', performance.now());
    tally.changed('a', 'payment_declined');
    expect(tally.delivered).toBeUndefined();
    tally.changed('b', 'delivered');
    expect(tally.delivered).toEqual({ orderId: 'b', restaurantId: 'sushi' });
  });

  it('starts an order as accepted and ignores orders it does not know', () => {
    const tally = new Tally();
    tally.placed('a', 'roma', performance.now());
    tally.changed('b', 'delivered');
    expect(tally.outcomes).toEqual([{ orderId: 'a', status: 'accepted', tookMs: undefined }]);
    expect(tally.placedCount).toBe(1);
  });
});
