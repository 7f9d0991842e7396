import { describe, expect, it } from '@jest/globals';
import {
  digestOf,
  OrderRequest,
  orderIdOf,
  priceOrder,
} from '../../../workers/services/gateway/order-request.ts';
import type { MenuItem } from '../../../workers/state/records/restaurants.ts';

const request: OrderRequest = {
  restaurantId: 'pasta-porta',
  items: [
    { menuItemId: 'gnocchi', quantity: 2 },
    { menuItemId: 'tiramisu', quantity: 1 },
  ],
  deliverTo: { address: 'Gartenstraße 1', latitude: 52.53, longitude: 13.4 },
  paymentMethod: 'pm_card_visa',
};

const dish = (menuItemId: string, amountMinor: number, changes: Partial<MenuItem> = {}): MenuItem => ({
  menuItemId,
  name: menuItemId.toUpperCase(),
  description: '',
  price: { amountMinor, currency: 'EUR' },
  available: true,
  ...changes,
});

describe('the id of an order', () => {
  it('is the same for the same user and key', () => {
    expect(orderIdOf('u-1', 'key-1')).toBe(orderIdOf('u-1', 'key-1'));
    expect(orderIdOf('u-1', 'key-1')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('differs for another key, another user, and without a key every time', () => {
    const ids = [
      orderIdOf('u-1', 'key-1'),
      orderIdOf('u-1', 'key-2'),
      orderIdOf('u-2', 'key-1'),
      orderIdOf('u-1', undefined),
      orderIdOf('u-1', undefined),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the digest of a request', () => {
  it('does not depend on the order of its fields', () => {
    const { paymentMethod, deliverTo, items, restaurantId } = request;
    const { address, latitude, longitude } = deliverTo;
    expect(
      digestOf({ paymentMethod, items, deliverTo: { longitude, latitude, address }, restaurantId }),
    ).toBe(digestOf(request));
  });

  it.each<[string, OrderRequest]>([
    ['the restaurant', { ...request, restaurantId: 'spice-route' }],
    ['an item', { ...request, items: [{ menuItemId: 'gnocchi', quantity: 2 }] }],
    ['a quantity', { ...request, items: request.items.map((item) => ({ ...item, quantity: 3 })) }],
    ['the address', { ...request, deliverTo: { ...request.deliverTo, address: 'Gartenstraße 2' } }],
    ['the place', { ...request, deliverTo: { ...request.deliverTo, latitude: 52.54 } }],
    ['the card', { ...request, paymentMethod: 'pm_card_mastercard' }],
    ['the phone', { ...request, phone: '+4915112345678' }],
  ])('changes with %s', (_what, other) => {
    expect(digestOf(other)).not.toBe(digestOf(request));
  });
});

describe('the price of an order', () => {
  const menu = [
    dish('gnocchi', 1150),
    dish('tiramisu', 590),
    dish('tagliatelle', 1290, { available: false }),
  ];

  it('comes from the menu', () => {
    expect(priceOrder(request.items, menu)).toEqual({
      items: [
        {
          menuItemId: 'gnocchi',
          name: 'GNOCCHI',
          quantity: 2,
          unitPrice: { amountMinor: 1150, currency: 'EUR' },
        },
        {
          menuItemId: 'tiramisu',
          name: 'TIRAMISU',
          quantity: 1,
          unitPrice: { amountMinor: 590, currency: 'EUR' },
        },
      ],
      total: { amountMinor: 2890, currency: 'EUR' },
    });
  });

  it('counts an item that is named twice twice', () => {
    const item = { menuItemId: 'gnocchi', quantity: 1 };
    expect(priceOrder([item, item], menu).total.amountMinor).toBe(2300);
  });

  it.each([
    ['unknown', 'MENU_ITEM_UNKNOWN', 'lasagne'],
    ['not on offer', 'MENU_ITEM_UNAVAILABLE', 'tagliatelle'],
  ])('is refused where an item is %s, naming it', (_what, code, menuItemId) => {
    const items = [...request.items, { menuItemId, quantity: 1 }];
    expect(() => priceOrder(items, menu)).toThrow(
      expect.objectContaining({ code, details: { menuItemIds: [menuItemId] } }),
    );
  });

  it('is refused where prices are in two currencies', () => {
    const mixed = [
      dish('gnocchi', 1150),
      dish('tiramisu', 590, { price: { amountMinor: 5, currency: 'CHF' } }),
    ];
    expect(() => priceOrder(request.items, mixed)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID' }),
    );
  });

  it('is refused where it is more than an order may cost', () => {
    const dear = [dish('caviar', 100_000_000)];
    expect(() => priceOrder([{ menuItemId: 'caviar', quantity: 2 }], dear)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID' }),
    );
  });
});

describe('an order request', () => {
  it.each<[string, unknown]>([
    ['a price of its own', { ...request, total: { amountMinor: 1, currency: 'EUR' } }],
    ['a price in an item', { ...request, items: [{ menuItemId: 'gnocchi', quantity: 1, unitPrice: 1 }] }],
    ['no items', { ...request, items: [] }],
    ['half a portion', { ...request, items: [{ menuItemId: 'gnocchi', quantity: 0.5 }] }],
    ['minus one portion', { ...request, items: [{ menuItemId: 'gnocchi', quantity: -1 }] }],
    ['a number that is text', { ...request, items: [{ menuItemId: 'gnocchi', quantity: '1' }] }],
    ['a place that is not on earth', { ...request, deliverTo: { ...request.deliverTo, latitude: 91 } }],
    ['a phone number without a country', { ...request, phone: '0151 1234567' }],
    ['an id with a key separator', { ...request, restaurantId: 'a:b' }],
  ])('cannot have %s', (_what, body) => {
    expect(OrderRequest.safeParse(body).success).toBe(false);
  });
});
