import type { SmartEats } from '../../platform/platform.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { deliveryHandlers } from './delivery-handlers.ts';

/** Finds drivers and follows deliveries. */
export const deliveryService: ServiceModule<SmartEats, 'delivery-service'> = {
  handlers: ({ state, publisher, metrics }) => {
    const { orders, drivers } = state.stores;
    metrics.beforeScrape(async () => {
      const { free, busy } = await drivers.countOnDuty();
      metrics.set('drivers', { state: 'free' }, free);
      metrics.set('drivers', { state: 'busy' }, busy);
    });
    metrics.beforeScrape(async () => {
      const counts = await orders.countByStatus();
      metrics.set('deliveries_active', { stage: 'driver_assigned' }, counts.driver_assigned);
      metrics.set('deliveries_active', { stage: 'picked_up' }, counts.picked_up);
    });
    return deliveryHandlers({ orders, drivers, orderStatus: state.orderStatus, publisher, metrics });
  },
};
