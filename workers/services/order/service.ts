import { orderStatuses } from '../../platform/order.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { orderHandlers } from './order-handlers.ts';

/** Keeps the record of orders and leads them from step to step. */
export const orderService: ServiceModule<SmartEats, 'order-service'> = {
  handlers: ({ state, publisher, metrics }) => {
    const { orders, restaurants } = state.stores;
    metrics.beforeScrape(async () => {
      const counts = await orders.countByStatus();
      for (const status of orderStatuses) metrics.set('orders_by_status', { status }, counts[status]);
    });
    return orderHandlers({ orders, restaurants, orderStatus: state.orderStatus, publisher, metrics });
  },
};
