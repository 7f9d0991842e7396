import { z } from 'zod';
import { Identifier } from '../../platform/order.ts';
import { MenuItem, Restaurant } from '../../state/records/restaurants.ts';
import type { App } from '../host/service-module.ts';
import { bodyErrors, callerErrors, failures } from './api-errors.ts';
import type { Callers } from './callers.ts';
import type { Catalogue } from './catalogue.ts';

const tags = ['Restaurants'];
const OfRestaurant = z.object({ restaurantId: Identifier });

/** Reading restaurants and menus, and their owners changing them. */
export function addRestaurantRoutes(app: App, catalogue: Catalogue, callers: Callers): void {
  app.get(
    '/restaurants',
    {
      schema: {
        summary: 'List the restaurants',
        tags,
        response: { 200: z.object({ restaurants: z.array(Restaurant) }), ...failures() },
      },
    },
    async () => ({ restaurants: [...(await catalogue.restaurants())] }),
  );

  app.get(
    '/restaurants/:restaurantId',
    {
      schema: {
        summary: 'Read one restaurant',
        tags,
        params: OfRestaurant,
        response: { 200: Restaurant, ...failures('REQUEST_INVALID', 'RESTAURANT_UNKNOWN') },
      },
    },
    async ({ params }) => catalogue.restaurant(params.restaurantId),
  );

  app.get(
    '/restaurants/:restaurantId/menu',
    {
      schema: {
        summary: "Read a restaurant's menu",
        tags,
        params: OfRestaurant,
        response: {
          200: z.object({ items: z.array(MenuItem) }),
          ...failures('REQUEST_INVALID', 'RESTAURANT_UNKNOWN'),
        },
      },
    },
    async ({ params }) => {
      await catalogue.restaurant(params.restaurantId);
      return { items: [...(await catalogue.menu(params.restaurantId))] };
    },
  );

  app.patch(
    '/restaurants/:restaurantId',
    {
      onRequest: callers.ownerOnly,
      schema: {
        summary: 'Open or close a restaurant',
        tags,
        security: callers.security,
        params: OfRestaurant,
        body: z.strictObject({ open: z.boolean() }),
        response: { 200: Restaurant, ...failures(...bodyErrors, ...callerErrors, 'RESTAURANT_UNKNOWN') },
      },
    },
    async ({ params, body }) => catalogue.setOpen(params.restaurantId, body.open),
  );

  app.put(
    '/restaurants/:restaurantId/menu/:menuItemId',
    {
      onRequest: callers.ownerOnly,
      schema: {
        summary: 'Add or replace one item of the menu',
        tags,
        security: callers.security,
        params: OfRestaurant.extend({ menuItemId: Identifier }),
        body: MenuItem.omit({ menuItemId: true }),
        response: { 200: MenuItem, ...failures(...bodyErrors, ...callerErrors, 'RESTAURANT_UNKNOWN') },
      },
    },
    async ({ params: { restaurantId, menuItemId }, body }) =>
      catalogue.saveMenuItem(restaurantId, { menuItemId, ...body }),
  );
}
