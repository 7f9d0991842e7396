import { PlatformError } from '../platform/errors.ts';
import type { OrderRecord } from '../state/records/orders.ts';
import type { Stores } from '../state/records/stores.ts';
import type { MessageText } from './channel.ts';
import { orderMessage } from './order-message.ts';
import type { OrderEvent } from './wording.ts';

/** Where messages about orders find what they speak of. */
export interface OrderMessageStores {
  readonly orders: Pick<Stores['orders'], 'find'>;
  readonly restaurants: Pick<Stores['restaurants'], 'find'>;
  readonly users: Pick<Stores['users'], 'find'>;
}

/**
 * The message about an event of an order, in the language of the account that placed it, at the restaurant's time.
 * @throws PlatformError ORDER_UNKNOWN
 */
export async function orderMessageOf(
  { orders, restaurants, users }: OrderMessageStores,
  orderId: string,
  event: OrderEvent,
): Promise<{ readonly order: OrderRecord; readonly text: MessageText }> {
  const order = await orders.find(orderId);
  if (order === undefined) {
    throw new PlatformError('ORDER_UNKNOWN', `There is no order ${orderId} yet.`, { details: { orderId } });
  }
  const [restaurant, account] = await Promise.all([
    restaurants.find(order.restaurantId),
    users.find(order.userId),
  ]);
  const text = orderMessage(event, {
    order,
    restaurantName: restaurant?.name ?? 'the restaurant',
    timeZone: restaurant?.timeZone ?? 'UTC',
    locale: account?.locale ?? 'en',
  });
  return { order, text };
}
