import type { PlacedOrder } from '../../../platform/order.ts';
import { checkStored } from '../../stored.ts';
import { type OrderFacts, OrderRecord } from '../orders.ts';
import type { Identified } from './mongo-database.ts';

/** An order as it is stored. */
export interface OrderDocument extends Identified {
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

/**
 * The record of a stored order.
 * @throws PlatformError RECORD_CORRUPT
 */
export function orderFromDocument(document: OrderDocument): OrderRecord {
  const { _id, placed, status, sequence, history, facts } = document;
  return checkStored(OrderRecord, `orders/${_id}`, { ...placed, status, sequence, history, ...facts });
}
