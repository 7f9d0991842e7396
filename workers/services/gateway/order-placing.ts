import { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import { Identifier, type PlacedOrder } from '../../platform/order.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { App, ServiceDeps } from '../host/service-module.ts';
import { bodyErrors, callerErrors, failures } from './api-errors.ts';
import type { Callers } from './callers.ts';
import type { Catalogue } from './catalogue.ts';
import { digestOf, IdempotencyKey, OrderRequest, orderIdOf, priceOrder } from './order-request.ts';
import { publishConfirmed } from './publishing.ts';

type Deps = ServiceDeps<SmartEats, 'api-gateway'>;

const Accepted = z
  .object({ orderId: Identifier, status: z.literal('accepted') })
  .meta({ id: 'OrderAccepted' });

/** Placing an order: it is accepted once the broker has stored it, and not before. */
export function addOrderPlacing(app: App, deps: Deps, catalogue: Catalogue, callers: Callers): void {
  app.post(
    '/orders',
    {
      onRequest: callers.only('customer'),
      schema: {
        summary: 'Place an order',
        description:
          'The order is stored when the answer comes; its id and GET /orders/{orderId}/events show what becomes of it. ' +
          'With an Idempotency-Key the request can be repeated without placing a second order; a key is remembered for a day.',
        tags: ['Orders'],
        security: callers.security,
        headers: z.looseObject({ 'idempotency-key': IdempotencyKey.optional() }),
        body: OrderRequest,
        response: {
          202: Accepted,
          ...failures(
            ...bodyErrors,
            ...callerErrors,
            'RESTAURANT_UNKNOWN',
            'RESTAURANT_CLOSED',
            'MENU_ITEM_UNKNOWN',
            'MENU_ITEM_UNAVAILABLE',
            'ORDER_KEY_REUSED',
          ),
        },
      },
    },
    async (request, reply) => {
      const { userId } = callers.of(request);
      const order = await claimOrder(
        deps,
        catalogue,
        userId,
        request.headers['idempotency-key'],
        request.body,
      );
      const { orderId } = order;
      await publishConfirmed(deps.publisher, 'order_created', order, `order_created:${orderId}`);
      return reply.code(202).header('location', `/orders/${orderId}`).send({ orderId, status: 'accepted' });
    },
  );
}

/**
 * Decides what the order is and remembers it. A repetition gets the order of the first request, at the prices of
 * that time, whatever became of the menu since.
 */
async function claimOrder(
  { state }: Deps,
  catalogue: Catalogue,
  userId: string,
  key: string | undefined,
  body: OrderRequest,
): Promise<PlacedOrder> {
  const orderId = orderIdOf(userId, key);
  const digest = digestOf(body);
  const earlier = key === undefined ? undefined : await state.orderRequests.find(orderId);
  if (earlier === undefined) {
    // A key older than its memory, of an order that exists: which request it was is no longer known.
    if (key !== undefined && (await state.stores.orders.find(orderId)) !== undefined) throw keyReused();
    const order = await composeOrder(state, catalogue, { orderId, userId }, body);
    const kept = await state.orderRequests.claim({ digest, order });
    if (kept.digest !== digest) throw keyReused();
    return kept.order;
  }
  if (earlier.digest !== digest) throw keyReused();
  return earlier.order;
}

async function composeOrder(
  state: Deps['state'],
  catalogue: Catalogue,
  ids: { readonly orderId: string; readonly userId: string },
  { restaurantId, items, deliverTo, paymentMethod, phone }: OrderRequest,
): Promise<PlacedOrder> {
  const restaurant = await catalogue.restaurant(restaurantId);
  if (!restaurant.open) throw new PlatformError('RESTAURANT_CLOSED');
  const [menu, account] = await Promise.all([
    catalogue.menu(restaurantId),
    state.stores.users.find(ids.userId),
  ]);
  // The session outlived its account.
  if (account === undefined) throw new PlatformError('AUTH_SESSION_INVALID');
  const reachableAt = phone ?? account.phone;
  return {
    ...ids,
    restaurantId,
    ...priceOrder(items, menu),
    deliverTo,
    paymentMethod,
    contact: { email: account.email, ...(reachableAt !== undefined && { phone: reachableAt }) },
    placedAt: new Date().toISOString(),
  };
}

function keyReused(): PlatformError {
  return new PlatformError('ORDER_KEY_REUSED');
}
