import { describe, expect, it } from '@jest/globals';
import {
  isFinal,
  Money,
  orderStatuses,
  orderTransitions,
  PlacedOrder,
} from '../../workers/platform/order.ts';

const placed = {
  orderId: 'o1',
  userId: 'u1',
  restaurantId: 'r1',
  items: [{ menuItemId: 'm1', name: 'Soup', quantity: 1, unitPrice: { amountMinor: 450, currency: 'EUR' } }],
  total: { amountMinor: 450, currency: 'EUR' },
  deliverTo: { address: 'Garden Street 12', latitude: 52.5, longitude: 13.4 },
  paymentMethod: 'pm_card_visa',
  contact: { email: 'guest@smarteats.example' },
  placedAt: '2026-11-23T12:00:00.000Z',
};

describe('the statuses of an order', () => {
  it('all follow from created', () => {
    const reached = new Set<string>(['created']);
    for (const status of orderStatuses) {
      if (reached.has(status)) for (const next of orderTransitions[status]) reached.add(next);
    }
    expect([...reached].sort()).toEqual([...orderStatuses].sort());
  });

  it('end with delivered or payment_declined', () => {
    expect(orderStatuses.filter(isFinal)).toEqual(['payment_declined', 'delivered']);
  });
});

describe('a placed order', () => {
  it('is accepted as the gateway makes it', () => {
    expect(PlacedOrder.parse(placed)).toEqual(placed);
  });

  it.each([
    ['no items', { items: [] }],
    ['an id that could break out of a key', { orderId: 'o1:*' }],
    ['an unknown field', { note: 'x' }],
    [
      'a phone number that cannot be called',
      { contact: { email: 'guest@smarteats.example', phone: '0151' } },
    ],
    ['a place off the map', { deliverTo: { ...placed.deliverTo, latitude: 91 } }],
    ['a date that is none', { placedAt: 'yesterday' }],
  ])('is refused with %s', (_, change) => {
    expect(PlacedOrder.safeParse({ ...placed, ...change }).success).toBe(false);
  });

  it.each([-1, 0.5, Number.NaN, 1e12])('cannot cost %p minor units', (amountMinor) => {
    expect(Money.safeParse({ amountMinor, currency: 'EUR' }).success).toBe(false);
  });
});
