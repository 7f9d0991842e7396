import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api-client.ts';

const Driver = z.object({ orderId: z.string().optional() });
const Order = z.object({ status: z.string() });

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

async function deliver(api: ApiClient, orderId: string, look: () => Promise<void>): Promise<void> {
  const seen = async (status: string) => {
    while ((await api.call(`/orders/${orderId}`, { answer: Order })).status !== status) await look();
  };
  const say = (event: 'picked_up' | 'delivered') =>
    api.call(`/deliveries/${orderId}/events`, { method: 'POST', body: { event }, answer: z.unknown() });
  await seen('driver_assigned');
  await say('picked_up');
  await seen('picked_up');
  await say('delivered');
  await seen('delivered');
}
