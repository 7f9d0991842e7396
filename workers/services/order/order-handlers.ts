import type { HandlersOf } from '../../messaging/handlers.ts';
import type { Publisher } from '../../messaging/publishing.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { OrderStore } from '../../state/records/orders.ts';
import type { RestaurantStore } from '../../state/records/restaurants.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import {
  announceStatus,
  changeStatus,
  requireNextStatus,
  type StatusDeps,
} from '../order-flow/change-status.ts';
import { notifyCustomer } from '../order-flow/notify.ts';
import { countRevenue } from './revenue.ts';

export interface OrderDeps extends StatusDeps {
  readonly orders: OrderStore;
  readonly restaurants: Pick<RestaurantStore, 'find'>;
  readonly publisher: Publisher<SmartEats>;
  readonly metrics: Pick<Metrics, 'count'>;
}

/**
 * Leads an order from step to step. Each handler first records, then announces, then publishes what follows;
 * where a crash cut it short, the next attempt does all of it again under the same names.
 */
export function orderHandlers(deps: OrderDeps): HandlersOf<SmartEats, 'order-service'> {
  const { orders, restaurants, publisher, metrics } = deps;
  return {
    order_created: async (placed, { signal }) => {
      const { created, order } = await orders.record(placed);
      if (created) {
        metrics.count('orders_created_total', {});
        metrics.count('orders_by_hour_total', { hour: placed.placedAt.slice(11, 13) });
      }
      await announceStatus(deps, order, 'created');
      const { orderId, userId, total: amount, paymentMethod } = order;
      await publisher.publish(
        'payment_process',
        { orderId, userId, amount, paymentMethod },
        { messageId: `payment_process:${orderId}`, signal },
      );
    },

    payment_complete: async (payment, { signal }) => {
      if (payment.outcome === 'paid') {
        const facts = { chargeId: payment.chargeId };
        const { order, isNew } = await changeStatus(deps, payment.orderId, 'paid', facts);
        if (isNew) countRevenue(metrics, order.total);
        return;
      }
      const facts = { declineReason: payment.reason };
      const { order } = await changeStatus(deps, payment.orderId, 'payment_declined', facts);
      await notifyCustomer(publisher, order, 'payment_declined', signal);
    },

    order_confirmed: async ({ orderId, restaurantId }, { signal }) => {
      const { restaurantId: ordersRestaurant } = await requireNextStatus(deps, orderId, 'confirmed', 'paid');
      if (restaurantId !== ordersRestaurant) {
        const message = `Restaurant ${restaurantId} confirmed order ${orderId}, which is not its own.`;
        throw new PlatformError('MESSAGE_REJECTED', message, { details: { orderId, restaurantId } });
      }
      const restaurant = await restaurants.find(restaurantId);
      if (restaurant === undefined)
        throw new PlatformError('RESTAURANT_UNKNOWN', undefined, { details: { restaurantId } });
      const { order } = await changeStatus(deps, orderId, 'confirmed');
      const { latitude, longitude } = restaurant.location;
      await Promise.all([
        publisher.publish(
          'assign_driver',
          { orderId, pickUpAt: { latitude, longitude } },
          { messageId: `assign_driver:${orderId}`, signal },
        ),
        notifyCustomer(publisher, order, 'order_confirmed', signal),
      ]);
    },
  };
}
