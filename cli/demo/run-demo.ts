import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Accounts } from '../accounting/accounts.ts';
import { collectCharges, collectMessages } from '../accounting/collect.ts';
import { ApiClient } from '../players/api-client.ts';
import { followOrder, oneOf, placeOrder, readOffers } from '../players/customer.ts';
import type { PlayedPlatform } from '../players/played-platform.ts';
import { openTown, type Town } from '../players/town.ts';
import { callTasks } from './call-tasks.ts';
import { Tally } from './tally.ts';

export interface DemoOptions {
  readonly platform: PlayedPlatform;
  readonly orders: number;
  /** Orders placed a second. */
  readonly rate: number;
  /** Ends the demo early; what was measured until then is returned. */
  readonly signal: AbortSignal;
  /** A picture that the platform may fetch, for the task that looks at one. @default that task is not called */
  readonly pictureUrl?: string;
  readonly onProgress?: (progress: { readonly placed: number; readonly finished: number }) => void;
}

/** How long no order may change before the demo gives up waiting, in milliseconds. */
const STALLED_MS = 120_000;

/** How long the last messages have for being settled once all orders are final, in milliseconds. */
const SETTLE_MS = 60_000;

/** One order in this many is paid with a card that is declined. */
const DECLINED_EVERY = 20;

/**
 * Plays a town on a running platform: customers order, restaurants confirm, drivers deliver, all over HTTP.
 * @returns what everybody saw, and what the platform and the payment provider counted
 */
export async function runDemo(options: DemoOptions): Promise<Accounts> {
  const { platform, orders, signal } = options;
  const tally = new Tally();
  const over = new AbortController();
  // Every order and every player listens to it.
  setMaxListeners(0, over.signal);
  let requestsRepeated = 0;
  const onRepeat = () => {
    requestsRepeated += 1;
  };
  const api = new ApiClient(gatewayOf(platform), {
    signal: AbortSignal.any([signal, over.signal]),
    onRepeat,
  });
  const town = await openTown(platform, api, { customers: 20, drivers: driversFor(orders) });
  const chargedBefore = new Set((await collectCharges(platform)).orderIds);
  const playing = town.play(over.signal);
  const placing = placeOrders(options, town, tally, over.signal);
  // A player that fails is reported below; until then nobody waits for it.
  placing.catch(() => undefined);
  try {
    await untilFinished(options, tally, placing, playing);
    const tasks = await callEachTask(options, town, tally);
    const messages = await settledMessages(platform, signal);
    const { orderIds } = await collectCharges(platform);
    const charges = { orderIds: orderIds.filter((orderId) => !chargedBefore.has(orderId)) };
    return { orders: tally.outcomes, messages, charges, tasks, requestsRepeated };
  } finally {
    over.abort();
    await Promise.allSettled([placing, playing]);
  }
}

/** The address of the HTTP API. */
function gatewayOf(platform: PlayedPlatform): string {
  return platform.urls['api-gateway'] ?? '';
}

/** Enough drivers that an order seldom waits for one. */
function driversFor(orders: number): number {
  return Math.min(40, Math.max(10, Math.ceil(orders / 5)));
}

async function placeOrders(options: DemoOptions, town: Town, tally: Tally, over: AbortSignal): Promise<void> {
  const offers = await readOffers(oneOf(town.customers));
  const started = performance.now();
  const following: Promise<unknown>[] = [];
  for (let number = 0; number < options.orders; number += 1) {
    const due = started + (number * 1_000) / options.rate;
    await delay(Math.max(0, due - performance.now()), undefined, { signal: over });
    const customer = oneOf(town.customers);
    const paymentMethod =
      number % DECLINED_EVERY === DECLINED_EVERY - 1 ? 'pm_card_chargeDeclined' : 'pm_card_visa';
    const place = async () => {
      const placedAt = performance.now();
      const offer = oneOf(offers);
      const orderId = await placeOrder(customer, { offer, paymentMethod });
      tally.placed(orderId, offer.restaurantId, placedAt);
      await followOrder(customer, orderId, over, (status) => tally.changed(orderId, status));
    };
    const order = place();
    // One that fails is reported below, once all are placed; until then nobody waits for it.
    order.catch(() => undefined);
    following.push(order);
  }
  await Promise.all(following);
}

/** Waits until every order is final, or nothing has happened for long. A player's failure ends the demo. */
async function untilFinished(
  { orders, signal, onProgress }: DemoOptions,
  tally: Tally,
  placing: Promise<void>,
  playing: Promise<void>,
): Promise<void> {
  while (tally.finishedCount < orders && tally.quietMs < STALLED_MS && !signal.aborted) {
    onProgress?.({ placed: tally.placedCount, finished: tally.finishedCount });
    await Promise.race([delay(200), placing, playing]);
  }
  onProgress?.({ placed: tally.placedCount, finished: tally.finishedCount });
}

/** Tasks are about an order that was delivered, so that there is something to confirm, to count and to report. */
async function callEachTask(
  { platform: { celery }, pictureUrl, signal }: DemoOptions,
  { visitor }: Town,
  tally: Tally,
): Promise<Accounts['tasks']> {
  const delivered = tally.delivered;
  if (celery === undefined || delivered === undefined) return [];
  const subjects = { userId: visitor.userId, ...delivered, ...(pictureUrl !== undefined && { pictureUrl }) };
  return callTasks(celery, subjects, signal);
}

async function settledMessages(platform: PlayedPlatform, signal: AbortSignal): Promise<Accounts['messages']> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const messages = await collectMessages(platform);
    const settled =
      messages.inFlight === 0 && messages.published === messages.done + messages.dead + messages.dropped;
    if (settled || signal.aborted || Date.now() > deadline) return messages;
    await delay(500);
  }
}
