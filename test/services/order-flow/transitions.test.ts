import { describe, expect, it } from '@jest/globals';
import { leadsTo } from '../../../workers/services/order-flow/transitions.ts';

describe('a status leads to another one', () => {
  it('when that is the next, or comes later', () => {
    expect(leadsTo('created', 'paid')).toBe(true);
    expect(leadsTo('created', 'delivered')).toBe(true);
    expect(leadsTo('driver_assigned', 'delivered')).toBe(true);
  });

  it('but not to itself, to an earlier one, or to one of another way', () => {
    expect(leadsTo('paid', 'paid')).toBe(false);
    expect(leadsTo('confirmed', 'paid')).toBe(false);
    expect(leadsTo('payment_declined', 'confirmed')).toBe(false);
    expect(leadsTo('paid', 'payment_declined')).toBe(false);
    expect(leadsTo('delivered', 'delivered')).toBe(false);
  });
});
