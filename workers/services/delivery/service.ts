import type { SmartEats } from '../../platform/platform.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { deliveryHandlers } from './delivery-handlers.ts';

/** Finds drivers and follows deliveries. */
export const deliveryService: ServiceModule<SmartEats, 'delivery-service'> = {
  handlers: ({ state, publisher, metrics }) => {
    const { orders, drivers } = state.stores;
    metrics.beforeScrape(async () => metrics.set('drivers_free', {}, await drivers.countFree()));
    return deliveryHandlers({ orders, drivers, orderStatus: state.orderStatus, publisher, metrics });
  },
};
