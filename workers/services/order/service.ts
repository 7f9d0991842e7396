import type { SmartEats } from '../../platform/platform.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { exposeOrders, exposeSchedule } from './order-gauges.ts';
import { orderHandlers } from './order-handlers.ts';

/** Keeps the record of orders and leads them from step to step. */
export const orderService: ServiceModule<SmartEats, 'order-service'> = {
  handlers: ({ platform, state, publisher, metrics }) => {
    const { orders, restaurants } = state.stores;
    exposeOrders(metrics, orders, restaurants);
    exposeSchedule(metrics, platform.schedule, state.scheduleRuns);
    return orderHandlers({ orders, restaurants, orderStatus: state.orderStatus, publisher, metrics });
  },
};
