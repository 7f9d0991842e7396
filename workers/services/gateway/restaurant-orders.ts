import { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import { Identifier, OrderStatus } from '../../platform/order.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { App, ServiceDeps } from '../host/service-module.ts';
import { bodyErrors, callerErrors, failures } from './api-errors.ts';
import type { Callers } from './callers.ts';
import { eventStreamResponse, streamEvents } from './event-stream.ts';
import { readOrderOfRestaurant } from './order-access.ts';
import { OrderView, viewOf } from './order-view.ts';
import { publishConfirmed } from './publishing.ts';
import { RestaurantFeeds } from './restaurant-feeds.ts';
import { StepTaken } from './step-taken.ts';

const tags = ['Restaurants'];
const OfRestaurant = z.object({ restaurantId: Identifier });

/** What a restaurant sees and decides of its orders. */
export function addRestaurantOrderRoutes(
  app: App,
  { state, messaging, publisher, stopping }: ServiceDeps<SmartEats, 'api-gateway'>,
  callers: Callers,
): void {
  const feeds = new RestaurantFeeds(messaging);

  app.get(
    '/restaurants/:restaurantId/orders',
    {
      onRequest: callers.ownerOnly,
      schema: {
        summary: "List the restaurant's orders in one status, oldest first",
        tags,
        security: callers.security,
        params: OfRestaurant,
        querystring: z.object({
          status: OrderStatus,
          limit: z.coerce.number<string>().int().min(1).max(500).default(100),
        }),
        response: {
          200: z.object({ orders: z.array(OrderView) }),
          ...failures('REQUEST_INVALID', ...callerErrors),
        },
      },
    },
    async ({ params, query }) => {
      const records = await state.stores.orders.ofRestaurant(params.restaurantId, query.status, query.limit);
      return { orders: records.map(viewOf) };
    },
  );

  app.get(
    '/restaurants/:restaurantId/events',
    {
      // Without a body to read nobody would ever end the stream.
      exposeHeadRoute: false,
      onRequest: callers.ownerOnly,
      schema: {
        summary: "Follow the restaurant's orders live",
        description:
          'Sends every status change from now on. What happened while nobody listened is found by listing the orders.',
        tags,
        security: callers.security,
        params: OfRestaurant,
        response: {
          200: eventStreamResponse('An event for each change'),
          ...failures('REQUEST_INVALID', ...callerErrors),
        },
      },
    },
    async ({ params }, reply) =>
      streamEvents(reply, stopping, async (stream) =>
        feeds.follow(params.restaurantId, (change) =>
          stream.send({ id: `${change.orderId}:${change.sequence}`, data: change }),
        ),
      ),
  );

  app.post(
    '/restaurants/:restaurantId/orders/:orderId/confirmation',
    {
      onRequest: callers.ownerOnly,
      schema: {
        summary: 'Accept a paid order',
        tags,
        security: callers.security,
        params: OfRestaurant.extend({ orderId: Identifier }),
        response: {
          200: StepTaken.describe('The order was accepted before'),
          202: StepTaken.describe('The acceptance is stored'),
          ...failures(...bodyErrors, ...callerErrors, 'ORDER_UNKNOWN', 'ORDER_STATUS_CONFLICT'),
        },
      },
    },
    async ({ params: { restaurantId, orderId } }, reply) => {
      const { status, history } = await readOrderOfRestaurant(state, orderId, restaurantId);
      if (history.some((step) => step.status === 'confirmed')) return { orderId, status };
      if (status !== 'paid')
        throw new PlatformError('ORDER_STATUS_CONFLICT', undefined, { details: { status } });
      const confirmation = { orderId, restaurantId, confirmedAt: new Date().toISOString() };
      await publishConfirmed(publisher, 'order_confirmed', confirmation, `order_confirmed:${orderId}`);
      return reply.code(202).send({ orderId, status });
    },
  );
}
