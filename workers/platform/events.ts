import type { z } from 'zod';
import type { ExchangeName } from './exchanges.ts';
import { OrderStatusChanged } from './payloads.ts';

/**
 * An announcement to whoever listens at the moment. Nobody need listen and nothing is kept:
 * what must not be lost travels through a queue instead.
 */
export interface EventDeclaration<Schema extends z.ZodType = z.ZodType> {
  readonly description: string;
  readonly exchange: string;
  readonly payload: Schema;
  /** The routing key of one occurrence. */
  readonly routingKey: (payload: z.infer<Schema>) => string;
}

function event<Schema extends z.ZodType>(
  declaration: EventDeclaration<Schema> & { readonly exchange: ExchangeName },
): EventDeclaration<Schema> {
  return declaration;
}

export const events = {
  order_status_broadcast: event({
    description: 'Any order changed its status',
    exchange: 'smarteats.order-status',
    payload: OrderStatusChanged,
    routingKey: () => '',
  }),
  order_status_of_restaurant: event({
    description:
      'An order of one restaurant changed its status; bind order.<restaurantId>.* or order.*.created',
    exchange: 'smarteats.events',
    payload: OrderStatusChanged,
    routingKey: ({ restaurantId, status }) => `order.${restaurantId}.${status}`,
  }),
};
