import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isFinal, Money, OrderStatus } from '../../workers/platform/order.ts';
import type { ApiClient } from './api-client.ts';
import { followEvents } from './event-stream.ts';

const Accepted = z.object({ orderId: z.string() });
const Restaurants = z.object({
  restaurants: z.array(z.object({ restaurantId: z.string(), open: z.boolean() })),
});
const Menu = z.object({
  items: z.array(z.object({ menuItemId: z.string(), price: Money, available: z.boolean() })),
});
const StatusEvent = z.object({ status: OrderStatus });

/** A restaurant with the ids of what it offers now. */
export interface Offer {
  readonly restaurantId: string;
  readonly menuItemIds: readonly string[];
}

/** Reads which restaurants are open and what they offer. */
export async function readOffers(api: ApiClient): Promise<readonly Offer[]> {
  const { restaurants } = await api.call('/restaurants', { answer: Restaurants });
  return Promise.all(
    restaurants
      .filter(({ open }) => open)
      .map(async ({ restaurantId }) => {
        const { items } = await api.call(`/restaurants/${restaurantId}/menu`, { answer: Menu });
        return {
          restaurantId,
          menuItemIds: items.filter(({ available }) => available).map(({ menuItemId }) => menuItemId),
        };
      }),
  );
}

export interface OrderWish {
  readonly offer: Offer;
  /** The card to pay with; the sandbox declines some. */
  readonly paymentMethod: string;
}

/** Places an order of one to three dishes. The same key is sent with every repetition, so it is placed once. */
export async function placeOrder(api: ApiClient, wish: OrderWish): Promise<string> {
  const dishes = new Set(Array.from({ length: randomInt(1, 4) }, () => oneOf(wish.offer.menuItemIds)));
  const { orderId } = await api.call('/orders', {
    method: 'POST',
    headers: { 'idempotency-key': randomUUID() },
    body: {
      restaurantId: wish.offer.restaurantId,
      items: [...dishes].map((menuItemId) => ({ menuItemId, quantity: randomInt(1, 3) })),
      deliverTo: {
        address: '12 Garden Street',
        latitude: 52.52 + Math.random() / 50,
        longitude: 13.4 + Math.random() / 50,
      },
      paymentMethod: wish.paymentMethod,
      phone: '+4915112345678',
    },
    answer: Accepted,
  });
  return orderId;
}

/**
 * Follows an order until nothing more can happen to it.
 * @returns its final status, or `undefined` when the signal is aborted first
 */
export async function followOrder(
  api: ApiClient,
  orderId: string,
  signal: AbortSignal,
  onStatus: (status: OrderStatus) => void,
): Promise<OrderStatus | undefined> {
  for await (const { status } of followEvents(api, `/orders/${orderId}/events`, StatusEvent, signal)) {
    onStatus(status);
    if (isFinal(status)) return status;
  }
  return undefined;
}

/** Any of a list that is not empty. */
export function oneOf<T>(choices: readonly T[]): T {
  const choice = choices[randomInt(choices.length)];
  if (choice === undefined) throw new RangeError('there is nothing to choose from');
  return choice;
}
