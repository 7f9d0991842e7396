import { z } from 'zod';
import { Identifier } from '../../platform/order.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { App, ServiceDeps } from '../host/service-module.ts';
import { failures } from './api-errors.ts';
import type { Callers } from './callers.ts';
import { eventStreamResponse } from './event-stream.ts';
import { readOrder } from './order-access.ts';
import { streamOrder } from './order-events.ts';
import { OrderView, viewOf } from './order-view.ts';

const tags = ['Orders'];
const OfOrder = z.object({ orderId: Identifier });

/** Reading orders, for those who take part in them. */
export function addOrderRoutes(
  app: App,
  deps: ServiceDeps<SmartEats, 'api-gateway'>,
  callers: Callers,
): void {
  const { state } = deps;

  app.get(
    '/orders',
    {
      onRequest: callers.only('customer'),
      schema: {
        summary: 'List your own orders, newest first',
        tags,
        security: callers.security,
        querystring: z.object({ limit: z.coerce.number<string>().int().min(1).max(100).default(20) }),
        response: {
          200: z.object({ orders: z.array(OrderView) }),
          ...failures('REQUEST_INVALID', 'AUTH_SESSION_INVALID', 'AUTH_FORBIDDEN'),
        },
      },
    },
    async (request) => {
      const records = await state.stores.orders.ofUser(callers.of(request).userId, request.query.limit);
      return { orders: records.map(viewOf) };
    },
  );

  app.get(
    '/orders/:orderId',
    {
      onRequest: callers.only(),
      schema: {
        summary: 'Read an order',
        description: 'For its customer, its restaurant and its driver.',
        tags,
        security: callers.security,
        params: OfOrder,
        response: { 200: OrderView, ...failures('REQUEST_INVALID', 'AUTH_SESSION_INVALID', 'ORDER_UNKNOWN') },
      },
    },
    async (request) => readOrder(state, request.params.orderId, callers.of(request)),
  );

  app.get(
    '/orders/:orderId/events',
    {
      // Without a body to read nobody would ever end the stream.
      exposeHeadRoute: false,
      onRequest: callers.only(),
      schema: {
        summary: 'Follow an order live',
        description:
          'Sends its status at once and then every change; the event id counts the changes. With Last-Event-ID ' +
          'the stream goes on after that event. It ends after a final status.',
        tags,
        security: callers.security,
        params: OfOrder,
        response: {
          200: eventStreamResponse('An event for each status'),
          204: z.undefined().describe('The last event was final: there is nothing more to come'),
          ...failures('REQUEST_INVALID', 'AUTH_SESSION_INVALID', 'ORDER_UNKNOWN'),
        },
      },
    },
    async (request, reply) => {
      const order = await readOrder(state, request.params.orderId, callers.of(request));
      const lastSeen = /^\d{1,9}$/.exec(String(request.headers['last-event-id']))?.[0];
      return streamOrder(reply, deps, order, lastSeen === undefined ? undefined : Number(lastSeen));
    },
  );
}
