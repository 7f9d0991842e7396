import { z } from 'zod';
import { OrderStatus, PlacedOrder } from '../../platform/order.ts';

/** The record of an order: what was placed, and all that became of it. */
export const OrderRecord = PlacedOrder.extend({
  status: OrderStatus,
  /** Counts the status changes from 1 (`created`). */
  sequence: z.int().min(1),
  history: z.array(z.strictObject({ status: OrderStatus, at: z.iso.datetime() })).min(1),
  chargeId: z.string().optional(),
  declineReason: z.string().optional(),
  driverId: z.string().optional(),
});
export type OrderRecord = z.infer<typeof OrderRecord>;

/** What a status change adds to the record. */
export type OrderFacts = Partial<Pick<OrderRecord, 'chargeId' | 'declineReason' | 'driverId'>>;

/**
 * The result of asking for a status:
 * - `applied`: the order changed just now
 * - `already`: the order has had this status before; nothing changed (the message came a second time)
 * - `conflict`: the order's status does not lead to this one; nothing changed
 * - `unknown`: there is no such order
 */
export type Transition =
  | { readonly result: 'applied' | 'already' | 'conflict'; readonly order: OrderRecord }
  | { readonly result: 'unknown' };

/** How many orders were placed at a restaurant. */
export interface RestaurantOrders {
  readonly restaurantId: string;
  readonly orders: number;
}

export interface OrderStore {
  /** Records a placed order in status `created`; a second call with the same id changes nothing. */
  record(order: PlacedOrder): Promise<{ readonly created: boolean; readonly order: OrderRecord }>;
  find(orderId: string): Promise<OrderRecord | undefined>;
  /** Moves an order to a status and stores the facts with it, in one atomic step. */
  transition(orderId: string, to: OrderStatus, facts?: OrderFacts): Promise<Transition>;
  /** A user's orders, newest first. */
  ofUser(userId: string, limit: number): Promise<readonly OrderRecord[]>;
  /** A restaurant's orders in one status, oldest first. */
  ofRestaurant(restaurantId: string, status: OrderStatus, limit: number): Promise<readonly OrderRecord[]>;
  /** The restaurants with the most orders of a day (UTC), the first ones first. */
  mostOrdered(day: Date, limit: number): Promise<readonly RestaurantOrders[]>;
  /** How many orders are in each status now. */
  countByStatus(): Promise<Readonly<Record<OrderStatus, number>>>;
}
