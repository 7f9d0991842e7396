import { z } from 'zod';
import { Contact, Identifier, Location, Money, OrderStatus, PlacedOrder } from './order.ts';

/** `order_created`: the customer placed an order; it carries all that the record needs. */
export const OrderCreated = PlacedOrder;

/** `payment_process`: charge this order once. */
export const PaymentProcess = z.strictObject({
  orderId: Identifier,
  userId: Identifier,
  amount: Money,
  paymentMethod: PlacedOrder.shape.paymentMethod,
});

/** `payment_complete`: what became of the charge. */
export const PaymentComplete = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('paid'), orderId: Identifier, chargeId: z.string().min(1).max(200) }),
  z.strictObject({ outcome: z.literal('declined'), orderId: Identifier, reason: z.string().min(1).max(500) }),
]);

/** `order_confirmed`: the restaurant accepted a paid order. */
export const OrderConfirmed = z.strictObject({
  orderId: Identifier,
  restaurantId: Identifier,
  confirmedAt: z.iso.datetime(),
});

/** `assign_driver`: find the nearest free driver for the pick-up point. */
export const AssignDriver = z.strictObject({ orderId: Identifier, pickUpAt: Location });

/** `delivery_event`: a driver says what happened. */
export const DeliveryEvent = z.strictObject({
  orderId: Identifier,
  driverId: Identifier,
  event: z.enum(['picked_up', 'delivered']),
  occurredAt: z.iso.datetime(),
});

/** `send_notification`: tell the customer about one step of one order. */
export const SendNotification = z.strictObject({
  orderId: Identifier,
  userId: Identifier,
  about: z.enum([
    'order_confirmed',
    'payment_declined',
    'driver_assigned',
    'order_picked_up',
    'order_delivered',
  ]),
  contact: Contact,
});

/** The event that every change of an order's status leads to. */
export const OrderStatusChanged = z.strictObject({
  orderId: Identifier,
  userId: Identifier,
  restaurantId: Identifier,
  status: OrderStatus,
  sequence: z.int().min(1).describe('Counts the changes of one order from 1'),
  occurredAt: z.iso.datetime(),
});
export type OrderStatusChanged = z.infer<typeof OrderStatusChanged>;
