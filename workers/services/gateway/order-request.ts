import { createHash, randomUUID } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import { Contact, Identifier, type OrderItem, PlacedOrder } from '../../platform/order.ts';
import type { MenuItem } from '../../state/records/restaurants.ts';

/** What a customer sends to place an order. Prices are not part of it: they come from the menu. */
export const OrderRequest = z.strictObject({
  restaurantId: Identifier,
  items: z
    .array(z.strictObject({ menuItemId: Identifier, quantity: z.int().min(1).max(99) }))
    .min(1)
    .max(50),
  deliverTo: PlacedOrder.shape.deliverTo,
  paymentMethod: PlacedOrder.shape.paymentMethod,
  phone: Contact.shape.phone.describe("E.164; the account's number unless given"),
});
export type OrderRequest = z.infer<typeof OrderRequest>;

export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
  .describe('Any text of your choice: the same key places the same order once, however often it is sent');

const orderNamespace = '5f1d8a0e-6f0b-4a53-9c39-7a8d7b0c2f64';

/** The id of a new order: the same for the same user and key, random without a key (UUID version 5 and 4). */
export function orderIdOf(userId: string, key: string | undefined): string {
  return key === undefined ? randomUUID() : uuidv5(`${userId}:${key}`, orderNamespace);
}

/** A digest that is equal for two requests exactly when they ask for the same order. */
export function digestOf({ restaurantId, items, deliverTo, paymentMethod, phone }: OrderRequest): string {
  const facts = [
    restaurantId,
    items.map(({ menuItemId, quantity }) => [menuItemId, quantity]),
    [deliverTo.address, deliverTo.latitude, deliverTo.longitude],
    paymentMethod,
    phone ?? null,
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url');
}

/**
 * The items of a request with names and prices of the menu, and their total.
 *
 * @throws PlatformError MENU_ITEM_UNKNOWN or MENU_ITEM_UNAVAILABLE with the items in its details, and
 *   REQUEST_INVALID where the total is more than an order may cost or its prices are in two currencies
 */
export function priceOrder(
  requested: OrderRequest['items'],
  menu: readonly MenuItem[],
): Pick<PlacedOrder, 'items' | 'total'> {
  const offered = new Map(menu.map((item) => [item.menuItemId, item]));
  const unknown = requested.filter(({ menuItemId }) => !offered.has(menuItemId));
  if (unknown.length > 0) throw refusal('MENU_ITEM_UNKNOWN', unknown);
  const unavailable = requested.filter(({ menuItemId }) => offered.get(menuItemId)?.available !== true);
  if (unavailable.length > 0) throw refusal('MENU_ITEM_UNAVAILABLE', unavailable);
  const items: OrderItem[] = requested.flatMap(({ menuItemId, quantity }) => {
    const item = offered.get(menuItemId);
    return item === undefined ? [] : [{ menuItemId, name: item.name, quantity, unitPrice: item.price }];
  });
  const [currency = '', ...others] = new Set(items.map(({ unitPrice }) => unitPrice.currency));
  if (others.length > 0) {
    throw new PlatformError('REQUEST_INVALID', 'The items of one order must have prices in one currency.');
  }
  const amountMinor = items.reduce(
    (sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amountMinor,
    0,
  );
  const total = PlacedOrder.shape.total.safeParse({ amountMinor, currency });
  if (!total.success) throw new PlatformError('REQUEST_INVALID', 'The order costs more than an order may.');
  return { items, total: total.data };
}

function refusal(
  code: 'MENU_ITEM_UNKNOWN' | 'MENU_ITEM_UNAVAILABLE',
  items: readonly { readonly menuItemId: string }[],
): PlatformError {
  const menuItemIds = [...new Set(items.map(({ menuItemId }) => menuItemId))];
  return new PlatformError(code, undefined, { details: { menuItemIds } });
}
