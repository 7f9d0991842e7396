import type { OrderRecord } from './orders.ts';

/** Time from placing an order to its delivery, in seconds; undefined for an order that was not delivered. */
export function deliverySeconds({
  placedAt,
  history,
}: Pick<OrderRecord, 'placedAt' | 'history'>): number | undefined {
  const delivered = history.find(({ status }) => status === 'delivered');
  return delivered === undefined ? undefined : secondsBetween(Date.parse(placedAt), Date.parse(delivered.at));
}

/** Seconds from placing an order to its delivery, both in ms since 1970. */
export function secondsBetween(placedAtMs: number, deliveredAtMs: number): number {
  // The two times may come from two clocks.
  return Math.max(0, (deliveredAtMs - placedAtMs) / 1_000);
}
