import { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import { Cart } from '../../state/records/carts.ts';
import type { State } from '../../state/state.ts';
import type { App } from '../host/service-module.ts';
import { bodyErrors, callerErrors, failures } from './api-errors.ts';
import type { Callers } from './callers.ts';
import type { Catalogue } from './catalogue.ts';
import { priceOrder } from './order-request.ts';

const tags = ['Orders'];
const CartContent = Cart.pick({ restaurantId: true, items: true });

/** How long a cart is kept after its last change, in milliseconds. */
const lifetimeMs = 7 * 86_400_000;

/** What a customer puts together before ordering it, on whichever device. */
export function addCartRoutes(
  app: App,
  { stores }: Pick<State, 'stores'>,
  catalogue: Catalogue,
  callers: Callers,
): void {
  const shared = { onRequest: callers.only('customer') };

  app.get(
    '/cart',
    {
      ...shared,
      schema: {
        summary: 'Read your cart',
        tags,
        security: callers.security,
        response: { 200: Cart, ...failures(...callerErrors, 'CART_EMPTY') },
      },
    },
    async (request) => {
      const cart = await stores.carts.find(callers.of(request).userId, new Date());
      if (cart === undefined) throw new PlatformError('CART_EMPTY');
      return cart;
    },
  );

  app.put(
    '/cart',
    {
      ...shared,
      schema: {
        summary: 'Fill your cart, or replace what is in it',
        description: 'A cart is kept for a week after its last change; ordering leaves it as it is.',
        tags,
        security: callers.security,
        body: CartContent,
        response: {
          200: Cart,
          ...failures(
            ...bodyErrors,
            ...callerErrors,
            'RESTAURANT_UNKNOWN',
            'MENU_ITEM_UNKNOWN',
            'MENU_ITEM_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const { restaurantId, items } = request.body;
      await catalogue.restaurant(restaurantId);
      // What cannot be ordered is said now rather than at the till.
      priceOrder(items, await catalogue.menu(restaurantId));
      const now = Date.now();
      const cart: Cart = {
        restaurantId,
        items,
        updatedAt: new Date(now).toISOString(),
        expiresAt: new Date(now + lifetimeMs).toISOString(),
      };
      await stores.carts.save(callers.of(request).userId, cart);
      return cart;
    },
  );

  app.delete(
    '/cart',
    {
      ...shared,
      schema: {
        summary: 'Empty your cart',
        tags,
        security: callers.security,
        response: { 204: z.undefined(), ...failures(...bodyErrors, ...callerErrors) },
      },
    },
    async (request, reply) => {
      await stores.carts.remove(callers.of(request).userId);
      return reply.code(204).send();
    },
  );
}
