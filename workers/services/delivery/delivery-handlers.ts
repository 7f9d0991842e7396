import type { HandlersOf } from '../../messaging/handlers.ts';
import type { Publisher } from '../../messaging/publishing.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { SmartEats } from '../../platform/platform.ts';
import { deliverySeconds } from '../../state/records/delivery-time.ts';
import type { DriverStore } from '../../state/records/drivers.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { changeStatus, requireNextStatus, type StatusDeps } from '../order-flow/change-status.ts';
import { notifyCustomer } from '../order-flow/notify.ts';
import { DeliveryZones } from './zones.ts';

export interface DeliveryDeps extends StatusDeps {
  readonly drivers: Pick<DriverStore, 'claimNearest' | 'ofOrder' | 'release'>;
  readonly publisher: Publisher<SmartEats>;
  readonly metrics: Pick<Metrics, 'observe' | 'count'>;
}

/** How far from the restaurant a driver may be to be assigned, in kilometres. */
const assignmentRadiusKm = 15;

/** Finds a driver for each confirmed order and follows the delivery. */
export function deliveryHandlers(deps: DeliveryDeps): HandlersOf<SmartEats, 'delivery-service'> {
  const { drivers, publisher, metrics } = deps;
  const zones = new DeliveryZones(metrics);
  return {
    assign_driver: async ({ orderId, pickUpAt }, { signal }) => {
      await requireNextStatus(deps, orderId, 'driver_assigned', 'confirmed');
      const driver = await drivers.claimNearest(orderId, pickUpAt, assignmentRadiusKm);
      if (driver === undefined) {
        throw new PlatformError('NO_DRIVER_FREE', undefined, {
          details: { orderId, radiusKm: assignmentRadiusKm },
        });
      }
      const { order } = await changeStatus(deps, orderId, 'driver_assigned', { driverId: driver.driverId });
      await notifyCustomer(publisher, order, 'driver_assigned', signal);
    },

    delivery_event: async ({ orderId, driverId, event }, { signal }) => {
      await requireAssignedDriver(deps, orderId, driverId);
      const { order, isNew } = await changeStatus(deps, orderId, event);
      if (event === 'picked_up') return notifyCustomer(publisher, order, 'order_picked_up', signal);
      if (isNew) {
        metrics.observe('delivery_time_seconds', {}, deliverySeconds(order) ?? 0);
        zones.delivered(order.deliverTo);
      }
      await drivers.release(orderId);
      await notifyCustomer(publisher, order, 'order_delivered', signal);
    },
  };
}

/**
 * @throws PlatformError MESSAGE_REJECTED when another driver has the order
 * @throws PlatformError ORDER_STATUS_CONFLICT when no driver has it yet
 */
async function requireAssignedDriver(
  { drivers }: Pick<DeliveryDeps, 'drivers'>,
  orderId: string,
  driverId: string,
): Promise<void> {
  const assigned = await drivers.ofOrder(orderId);
  if (assigned === driverId) return;
  const details = { orderId, driverId, assigned: assigned ?? null };
  if (assigned === undefined) {
    throw new PlatformError('ORDER_STATUS_CONFLICT', `Order ${orderId} has no driver yet.`, { details });
  }
  throw new PlatformError('MESSAGE_REJECTED', `Driver ${driverId} is not the one of order ${orderId}.`, {
    details,
  });
}
