import { randomUUID } from 'node:crypto';
import type { PlacedOrder } from '../../workers/platform/order.ts';
import type { OrderStatusChanged } from '../../workers/platform/payloads.ts';
import type { DailyFigures } from '../../workers/state/records/analytics.ts';
import type { MenuItem, Restaurant } from '../../workers/state/records/restaurants.ts';
import type { User } from '../../workers/state/records/users.ts';

/** An id nobody else uses. */
export function freshId(kind: string): string {
  return `${kind}-${randomUUID()}`;
}

export function sampleOrder(changes: Partial<PlacedOrder> = {}): PlacedOrder {
  const price = { amountMinor: 1_250, currency: 'EUR' };
  return {
    orderId: freshId('order'),
    userId: 'user-ann',
    restaurantId: 'restaurant-roma',
    items: [{ menuItemId: 'pizza', name: 'Pizza “Roma” 🍕', quantity: 2, unitPrice: price }],
    total: { amountMinor: 2_500, currency: 'EUR' },
    // More digits than Lua's number conversion keeps.
    deliverTo: { latitude: 52.520006599999995, longitude: 13.404954000000002, address: 'Alexanderplatz 1' },
    paymentMethod: 'pm_card_visa',
    contact: { email: 'ann@example.com' },
    placedAt: '2026-11-23T12:00:00.000Z',
    ...changes,
  };
}

export function sampleUser(changes: Partial<User> = {}): User {
  const userId = freshId('user');
  return {
    userId,
    name: 'Ann',
    email: `${userId}@example.com`,
    role: 'customer',
    passwordHash: 'scrypt$abc',
    createdAt: '2026-11-23T12:00:00.000Z',
    ...changes,
  };
}

export function sampleRestaurant(changes: Partial<Restaurant> = {}): Restaurant {
  return {
    restaurantId: freshId('restaurant'),
    name: 'Roma',
    cuisine: 'Italian',
    location: { latitude: 52.52, longitude: 13.4, address: 'Torstraße 1' },
    timeZone: 'Europe/Berlin',
    open: true,
    ...changes,
  };
}

export function sampleMenuItem(changes: Partial<MenuItem> = {}): MenuItem {
  return {
    menuItemId: 'pizza',
    name: 'Pizza',
    description: 'Tomato, cheese',
    price: { amountMinor: 1_250, currency: 'EUR' },
    available: true,
    ...changes,
  };
}

export function sampleStatus(changes: Partial<OrderStatusChanged> = {}): OrderStatusChanged {
  return {
    orderId: freshId('order'),
    userId: 'user-ann',
    restaurantId: 'restaurant-roma',
    status: 'created',
    sequence: 1,
    occurredAt: '2026-11-23T12:00:00.000Z',
    ...changes,
  };
}

export function sampleFigures(changes: Partial<DailyFigures> = {}): DailyFigures {
  const byHour = Array.from({ length: 24 }, () => 0);
  return {
    restaurantId: 'restaurant-roma',
    date: '2026-11-23',
    timeZone: 'Europe/Berlin',
    revision: 1,
    orders: 3,
    sold: 2,
    delivered: 1,
    cancelled: 1,
    items: 4,
    sales: [
      {
        currency: 'EUR',
        orders: 2,
        amountMinor: 5_000,
        amountMinorByHour: byHour.with(12, 2_500).with(18, 2_500),
      },
    ],
    soldByHour: byHour.with(12, 1).with(18, 1),
    dishes: [
      { menuItemId: 'pizza', name: 'Pizza “Roma” 🍕', quantity: 4, currency: 'EUR', amountMinor: 5_000 },
    ],
    deliveryMinutes: [[31, 1]],
    deliverySeconds: { p50: 1_893.5, p95: 1_893.5 },
    ...changes,
  };
}
