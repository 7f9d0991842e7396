import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api-client.ts';
import { followEvents } from './event-stream.ts';

const Orders = z.object({ orders: z.array(z.object({ orderId: z.string() })) });
const StatusEvent = z.object({ orderId: z.string(), status: z.string() });

/** How often a restaurant looks for orders whose event it missed. */
const LOOK_EVERY_MS = 2_000;

/** Plays a restaurant that accepts every paid order: it listens to its events and also looks for what it missed. */
export async function playRestaurant(
  api: ApiClient,
  restaurantId: string,
  signal: AbortSignal,
): Promise<void> {
  const taken = new Set<string>();
  const accept = async (orderId: string) => {
    if (taken.has(orderId)) return;
    taken.add(orderId);
    const path = `/restaurants/${restaurantId}/orders/${orderId}/confirmation`;
    await api.call(path, { method: 'POST', answer: z.unknown() });
  };
  const listen = async () => {
    for await (const event of followEvents(api, `/restaurants/${restaurantId}/events`, StatusEvent, signal)) {
      if (event.status === 'paid') await accept(event.orderId);
    }
  };
  const look = async () => {
    while (!signal.aborted) {
      const { orders } = await api.call(`/restaurants/${restaurantId}/orders?status=paid`, {
        answer: Orders,
      });
      for (const { orderId } of orders) await accept(orderId);
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  };
  await Promise.all([listen(), look()]);
}
