import { z } from 'zod';
import { OrderStatus, PlacedOrder } from '../../platform/order.ts';
import { OrderRecord } from '../../state/records/orders.ts';

/** `accepted`: stored by the broker, and about to be recorded. */
const ViewedStatus = z.enum(['accepted', ...OrderStatus.options]);

/** An order as those see it who take part in it; how it is paid is nobody's business. */
export const OrderView = PlacedOrder.omit({ paymentMethod: true, contact: true })
  .extend({
    status: ViewedStatus,
    sequence: z.int().min(0).describe('Counts the status changes; 0 while accepted'),
    history: z.array(OrderRecord.shape.history.element).describe('Every status so far, oldest first'),
    declineReason: OrderRecord.shape.declineReason,
    driverId: OrderRecord.shape.driverId,
  })
  .meta({ id: 'Order' });
export type OrderView = z.infer<typeof OrderView>;

/** The view of a recorded order. */
export function viewOf({ paymentMethod, contact, chargeId, ...order }: OrderRecord): OrderView {
  return order;
}

/** The view of an order that was accepted and has no record yet. */
export function viewOfAccepted({ paymentMethod, contact, ...order }: PlacedOrder): OrderView {
  return { ...order, status: 'accepted', sequence: 0, history: [] };
}
