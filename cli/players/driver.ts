import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api-client.ts';

const Driver = z.object({ orderId: z.string().optional() });
const Order = z.object({ status: z.string() });

/** What a driver reports of an order in each status. */
const nextEvent = new Map<string, 'picked_up' | 'delivered'>([
  ['driver_assigned', 'picked_up'],
  ['picked_up', 'delivered'],
]);

/** How often a driver looks at the phone. */
const LOOK_EVERY_MS = 400;

/** Plays a driver who is on duty and delivers every order assigned to it without delay. */
export async function playDriver(
  api: ApiClient,
  at: { readonly latitude: number; readonly longitude: number },
  signal: AbortSignal,
): Promise<void> {
  const look = () => delay(LOOK_EVERY_MS, undefined, { signal });
  await api.call('/drivers/me', { method: 'PUT', body: { ...at, onDuty: true }, answer: Driver });
  while (!signal.aborted) {
    const { orderId } = await api.call('/drivers/me', { answer: Driver });
    if (orderId !== undefined) await deliver(api, orderId, look);
    await look();
  }
}

/**
 * Does what the order's status asks for until it is delivered. An order may be delivered from the start: a driver is
 * free again a little after the last event, and longer after it while the broker is away.
 */
async function deliver(api: ApiClient, orderId: string, look: () => Promise<void>): Promise<void> {
  const say = (event: 'picked_up' | 'delivered') =>
    api.call(`/deliveries/${orderId}/events`, { method: 'POST', body: { event }, answer: z.unknown() });
  const said = new Set<string>();
  for (;;) {
    const { status } = await api.call(`/orders/${orderId}`, { answer: Order });
    if (status === 'delivered') return;
    const event = nextEvent.get(status);
    if (event !== undefined && !said.has(event)) {
      said.add(event);
      await say(event);
    }
    await look();
  }
}
