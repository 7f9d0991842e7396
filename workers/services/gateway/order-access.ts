import { PlatformError } from '../../platform/errors.ts';
import type { OrderRecord } from '../../state/records/orders.ts';
import type { Session } from '../../state/sessions.ts';
import type { State } from '../../state/state.ts';
import { type OrderView, viewOf, viewOfAccepted } from './order-view.ts';

type OrderState = Pick<State, 'stores' | 'orderRequests'>;

/**
 * Reads an order for one of those who take part in it: the customer, the restaurant and the driver.
 * The customer sees it from the moment it was accepted.
 *
 * @throws PlatformError ORDER_UNKNOWN where there is none, and for everybody else
 */
export async function readOrder(state: OrderState, orderId: string, reader: Session): Promise<OrderView> {
  const record = await state.stores.orders.find(orderId);
  if (record !== undefined) {
    if (await takesPart(state, record, reader)) return viewOf(record);
  } else {
    const request = await state.orderRequests.find(orderId);
    if (request?.order.userId === reader.userId) return viewOfAccepted(request.order);
  }
  throw new PlatformError('ORDER_UNKNOWN');
}

/**
 * Reads an order of the restaurant.
 * @throws PlatformError ORDER_UNKNOWN
 */
export async function readOrderOfRestaurant(
  state: OrderState,
  orderId: string,
  restaurantId: string,
): Promise<OrderRecord> {
  const record = await state.stores.orders.find(orderId);
  if (record?.restaurantId !== restaurantId) throw new PlatformError('ORDER_UNKNOWN');
  return record;
}

/**
 * Reads an order that is assigned to the driver.
 * @throws PlatformError ORDER_UNKNOWN
 */
export async function readOrderOfDriver(
  state: OrderState,
  orderId: string,
  driverId: string,
): Promise<OrderRecord> {
  const record = await state.stores.orders.find(orderId);
  if (record === undefined || !(await isDriverOf(state, record, driverId))) {
    throw new PlatformError('ORDER_UNKNOWN');
  }
  return record;
}

async function takesPart(state: OrderState, record: OrderRecord, reader: Session): Promise<boolean> {
  if (reader.role === 'customer') return record.userId === reader.userId;
  if (reader.role === 'restaurant') return record.restaurantId === reader.restaurantId;
  return isDriverOf(state, record, reader.userId);
}

/** A driver is claimed a moment before the order's record says so. */
async function isDriverOf(state: OrderState, record: OrderRecord, driverId: string): Promise<boolean> {
  return record.driverId === driverId || (await state.stores.drivers.ofOrder(record.orderId)) === driverId;
}
