import type { PlacedOrder } from '../../workers/platform/order.ts';
import type { Restaurant } from '../../workers/state/records/restaurants.ts';

/** Where the sample restaurant is, and so where its orders are picked up. */
export const roma = { latitude: 52.52, longitude: 13.405 };

export const sampleRestaurant: Restaurant = {
  restaurantId: 'roma',
  name: 'Trattoria Roma',
  cuisine: 'italian',
  location: { ...roma, address: 'Hauptstraße 1, Berlin' },
  timeZone: 'Europe/Berlin',
  open: true,
};

/** An order at the sample restaurant. */
export function sampleOrder(orderId: string, changes: Partial<PlacedOrder> = {}): PlacedOrder {
  const price = { amountMinor: 950, currency: 'EUR' };
  return {
    orderId,
    userId: 'user-1',
    restaurantId: sampleRestaurant.restaurantId,
    items: [{ menuItemId: 'margherita', name: 'Pizza Margherita', quantity: 2, unitPrice: price }],
    total: { amountMinor: 1_900, currency: 'EUR' },
    deliverTo: { latitude: 52.53, longitude: 13.41, address: 'Nebenweg 2, Berlin' },
    paymentMethod: 'pm_card_visa',
    contact: { email: 'you@example.com', phone: '+4915112345678' },
    placedAt: new Date().toISOString(),
    ...changes,
  };
}
