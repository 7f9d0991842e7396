import type { PlacedOrder } from '../../../platform/order.ts';
import { checkStored } from '../../stored.ts';
import type { DishSales } from '../analytics.ts';
import { salesOf } from '../day-tally.ts';
import { type OrderFacts, OrderRecord } from '../orders.ts';
import type { Identified } from './mongo-database.ts';

/** What the pipelines group and add up, worked out when it is stored. Orders of an earlier release lack it. */
export interface Counted {
  /** Start of the quarter of an hour it was placed in, in ms since 1970. */
  readonly quarter: number;
  /** What each item adds to the sales of its dish. */
  readonly lines: readonly DishSales[];
  /** In ms since 1970; only of delivered orders. */
  readonly deliveredAtMs?: number;
}

/** An order as it is stored. */
export interface OrderDocument extends Identified, Partial<Counted> {
  readonly placed: PlacedOrder;
  readonly userId: string;
  readonly restaurantId: string;
  readonly placedAtMs: number;
  readonly status: OrderRecord['status'];
  readonly sequence: number;
  // An array that the driver may push to by its types.
  readonly history: OrderRecord['history'][number][];
  readonly facts: OrderFacts;
  /** Whether its last change is still to be noted for the figures of its day. */
  readonly unnoted: boolean;
  /** When it was delivered, in ms since 1970, until recommendations have learned from it. */
  readonly unlearnedSince: number | null;
}

const quarterMs = 900_000;

/** Start of a moment's quarter of an hour, both in ms since 1970. */
export function quarterOf(ms: number): number {
  return ms - (ms % quarterMs);
}

/** What the pipelines count of an order. */
export function countedOf({
  placed,
  placedAtMs,
  history,
}: Pick<OrderDocument, 'placed' | 'placedAtMs' | 'history'>): Counted {
  const delivery = history.find(({ status }) => status === 'delivered');
  return {
    quarter: quarterOf(placedAtMs),
    lines: placed.items.map(salesOf),
    ...(delivery !== undefined && { deliveredAtMs: Date.parse(delivery.at) }),
  };
}

/**
 * The record of a stored order.
 * @throws PlatformError RECORD_CORRUPT
 */
export function orderFromDocument(document: OrderDocument): OrderRecord {
  const { _id, placed, status, sequence, history, facts } = document;
  return checkStored(OrderRecord, `orders/${_id}`, { ...placed, status, sequence, history, ...facts });
}
