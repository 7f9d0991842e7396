import { type DeliveryDeps, type DeliveryReport, deliverOnce } from '../../notifications/deliver-once.ts';
import { type OrderMessageStores, orderMessageOf } from '../../notifications/order-message-of.ts';
import type { OrderEvent } from '../../notifications/wording.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { OrderStatus } from '../../platform/order.ts';
import type { Logger } from '../../telemetry/log.ts';

export interface OrderNotificationDeps extends DeliveryDeps {
  readonly stores: OrderMessageStores;
  readonly log: Pick<Logger, 'warn'>;
}

/** The statuses of a delivery that a customer can be told about. */
export type DeliveryStatus = Extract<OrderStatus, 'driver_assigned' | 'picked_up' | 'delivered'>;

const events: Readonly<Record<'confirmed' | DeliveryStatus, OrderEvent>> = {
  confirmed: 'order_confirmed',
  driver_assigned: 'driver_assigned',
  picked_up: 'order_picked_up',
  delivered: 'order_delivered',
};

/**
 * Tells the customer of an order that it reached a status. Whoever asks for it, and however often, this and the
 * notification service together send one message for each event and channel.
 *
 * @throws PlatformError ORDER_UNKNOWN; ORDER_STATUS_CONFLICT for an order that never was in this status; as
 *   `deliverOnce` does
 */
export async function notifyOfStatus(
  deps: OrderNotificationDeps,
  orderId: string,
  status: 'confirmed' | DeliveryStatus,
  signal: AbortSignal,
): Promise<DeliveryReport> {
  const about = events[status];
  const { order, text } = await orderMessageOf(deps.stores, orderId, about);
  if (!order.history.some((past) => past.status === status)) {
    throw new PlatformError(
      'ORDER_STATUS_CONFLICT',
      `Order ${orderId} is ${order.status} and never was ${status}; nobody is told so.`,
      { details: { orderId, status: order.status } },
    );
  }
  const report = await deliverOnce(deps, { orderId, about, contact: order.contact, text }, signal);
  const { refusals } = report;
  if (refusals.length > 0)
    deps.log.warn({ orderId, about, refusals }, 'a customer cannot be told on every channel');
  return report;
}
