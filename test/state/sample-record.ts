import type { OrderStatus, PlacedOrder } from '../../workers/platform/order.ts';
import type { OrderRecord } from '../../workers/state/records/orders.ts';
import { sampleOrder } from './samples.ts';

const path: readonly OrderStatus[] = [
  'created',
  'paid',
  'confirmed',
  'driver_assigned',
  'picked_up',
  'delivered',
];

/** The record of an order that came as far as a status, the last one so many seconds after it was placed. */
export function sampleRecord(
  changes: Partial<PlacedOrder> = {},
  status: OrderStatus = 'delivered',
  seconds = 1_800,
): OrderRecord {
  const placed = sampleOrder(changes);
  const passed =
    status === 'payment_declined' ? (['created', status] as const) : path.slice(0, path.indexOf(status) + 1);
  const start = Date.parse(placed.placedAt);
  const history = passed.map((each, i) => ({
    status: each,
    at: new Date(start + (i === passed.length - 1 ? seconds * 1_000 : i)).toISOString(),
  }));
  return { ...placed, status, sequence: history.length, history };
}
