import type { OrderRecord } from './orders.ts';

/** Time from placing an order to its delivery, in seconds; undefined for an order that was not delivered. */
export function deliverySeconds({
  placedAt,
  history,
}: Pick<OrderRecord, 'placedAt' | 'history'>): number | undefined {
  const delivered = history.find(({ status }) => status === 'delivered');
  if (delivered === undefined) return undefined;
  // The two times may come from two clocks.
  return Math.max(0, (Date.parse(delivered.at) - Date.parse(placedAt)) / 1_000);
}
