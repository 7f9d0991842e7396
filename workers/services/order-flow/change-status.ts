import type { Publisher } from '../../messaging/publishing.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { OrderStatus } from '../../platform/order.ts';
import type { OrderStatusChanged } from '../../platform/payloads.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { OrderStatusBoard } from '../../state/order-status.ts';
import type { OrderFacts, OrderRecord, OrderStore } from '../../state/records/orders.ts';
import { leadsTo } from './transitions.ts';

export interface StatusDeps {
  readonly orders: Pick<OrderStore, 'find' | 'transition'>;
  readonly orderStatus: Pick<OrderStatusBoard, 'set'>;
  readonly publisher: Pick<Publisher<SmartEats>, 'announce'>;
}

export interface StatusChange {
  readonly order: OrderRecord;
  /** Whether the order came to the status just now, rather than at an earlier attempt at the same message. */
  readonly isNew: boolean;
}

/**
 * Moves an order to a status and tells everybody: the record first, then the live status, then the exchanges.
 * Where an earlier attempt came as far as the record, all of the rest is done again.
 *
 * @throws PlatformError ORDER_UNKNOWN where there is no such order yet
 * @throws PlatformError ORDER_STATUS_CONFLICT where a change that must come first has not come yet
 * @throws PlatformError MESSAGE_REJECTED where the order can never come to this status
 */
export async function changeStatus(
  deps: StatusDeps,
  orderId: string,
  to: OrderStatus,
  facts?: OrderFacts,
): Promise<StatusChange> {
  const transition = await deps.orders.transition(orderId, to, facts);
  if (transition.result === 'unknown') throw unknownOrder(orderId);
  const { order } = transition;
  if (transition.result === 'conflict') throw conflict(order, to);
  await announceStatus(deps, order, to);
  return { order, isNew: transition.result === 'applied' };
}

/**
 * Reads an order and makes sure that it has had the status or can come to it by its next change, so that
 * nothing is done for an order that could not follow.
 * @throws PlatformError as `changeStatus` does
 */
export async function requireNextStatus(
  deps: Pick<StatusDeps, 'orders'>,
  orderId: string,
  to: OrderStatus,
  from: OrderStatus,
): Promise<OrderRecord> {
  const order = await deps.orders.find(orderId);
  if (order === undefined) throw unknownOrder(orderId);
  const hasHadIt = order.history.some(({ status }) => status === to);
  if (!hasHadIt && order.status !== from) throw conflict(order, to);
  return order;
}

/** Tells everybody that an order came to a status, as it was recorded; the sequence makes repetitions harmless. */
export async function announceStatus(
  { orderStatus, publisher }: Pick<StatusDeps, 'orderStatus' | 'publisher'>,
  order: OrderRecord,
  status: OrderStatus,
): Promise<void> {
  const index = order.history.findIndex((entry) => entry.status === status);
  const entry = order.history[index];
  if (entry === undefined) {
    throw new PlatformError(
      'RECORD_CORRUPT',
      `The history of order ${order.orderId} lacks the status ${status}.`,
    );
  }
  const change: OrderStatusChanged = {
    orderId: order.orderId,
    userId: order.userId,
    restaurantId: order.restaurantId,
    status,
    sequence: index + 1,
    occurredAt: entry.at,
  };
  await orderStatus.set(change);
  await Promise.all([
    publisher.announce('order_status_broadcast', change),
    publisher.announce('order_status_of_restaurant', change),
  ]);
}

function unknownOrder(orderId: string): PlatformError {
  return new PlatformError('ORDER_UNKNOWN', `There is no order ${orderId} yet.`, { details: { orderId } });
}

function conflict({ orderId, status }: OrderRecord, to: OrderStatus): PlatformError {
  const details = { orderId, status, wanted: to };
  return leadsTo(status, to)
    ? new PlatformError('ORDER_STATUS_CONFLICT', `Order ${orderId} is ${status}, not yet ready for ${to}.`, {
        details,
      })
    : new PlatformError('MESSAGE_REJECTED', `Order ${orderId} is ${status} and can never be ${to}.`, {
        details,
      });
}
