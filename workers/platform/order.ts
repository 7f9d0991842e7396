import { z } from 'zod';

/** Every status an order can have, in the order a successful one passes through them. */
export const orderStatuses = [
  'created',
  'payment_declined',
  'paid',
  'confirmed',
  'driver_assigned',
  'picked_up',
  'delivered',
] as const;

export const OrderStatus = z.enum(orderStatuses);
export type OrderStatus = z.infer<typeof OrderStatus>;

/** The statuses that may follow each status; an empty list marks a final one. */
export const orderTransitions = {
  created: ['paid', 'payment_declined'],
  payment_declined: [],
  paid: ['confirmed'],
  confirmed: ['driver_assigned'],
  driver_assigned: ['picked_up'],
  picked_up: ['delivered'],
  delivered: [],
} as const satisfies Record<OrderStatus, readonly OrderStatus[]>;

/** Whether nothing can follow this status. */
export function isFinal(status: OrderStatus): boolean {
  return orderTransitions[status].length === 0;
}

/** An amount in the currency's minor unit (cents), never a fraction. */
export const Money = z.strictObject({
  amountMinor: z.int().min(0).max(100_000_000).describe('Amount in minor units (cents)'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe('ISO 4217 code'),
});
export type Money = z.infer<typeof Money>;

/** A point on the earth in degrees (WGS 84). Latitudes are limited to what Redis GEO can index. */
export const Location = z.strictObject({
  latitude: z.number().min(-85.05).max(85.05),
  longitude: z.number().min(-180).max(180),
});
export type Location = z.infer<typeof Location>;

/** An identifier of ours: letters, digits, `-` and `_`, so that it is safe in keys, paths and routing keys. */
export const Identifier = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _');

export const OrderItem = z.strictObject({
  menuItemId: Identifier,
  name: z.string().min(1).max(200),
  quantity: z.int().min(1).max(99),
  unitPrice: Money,
});
export type OrderItem = z.infer<typeof OrderItem>;

/** Where to reach the customer; recorded with the order so that later changes of the account do not alter it. */
export const Contact = z.strictObject({
  email: z.email().max(254),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be an E.164 number such as +4915112345678')
    .optional(),
});
export type Contact = z.infer<typeof Contact>;

/** What the customer ordered, with prices fixed by the gateway when it was placed. */
export const PlacedOrder = z.strictObject({
  orderId: Identifier,
  userId: Identifier,
  restaurantId: Identifier,
  items: z.array(OrderItem).min(1).max(50),
  total: Money,
  deliverTo: Location.extend({ address: z.string().min(1).max(300) }),
  paymentMethod: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,100}$/)
    .describe("The payment provider's token for the card"),
  contact: Contact,
  placedAt: z.iso.datetime(),
});
export type PlacedOrder = z.infer<typeof PlacedOrder>;
