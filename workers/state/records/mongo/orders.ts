import { type OrderStatus, orderStatuses, orderTransitions } from '../../../platform/order.ts';
import type { OrderStore, RestaurantOrders, Transition } from '../orders.ts';
import { noteChange } from './changed-quarters.ts';
import type { MongoDatabase } from './mongo-database.ts';
import { isDuplicate } from './mongo-errors.ts';
import { countedOf, type OrderDocument, orderFromDocument } from './order-document.ts';
import type { UserDocument } from './users.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** Orders in MongoDB: a document for each, which holds all that changes with its status. */
export function mongoOrderStore(database: MongoDatabase): OrderStore {
  const stored = (orderId: string) =>
    database.run<OrderDocument, OrderDocument | null>('orders', (orders) => orders.findOne({ _id: orderId }));

  return {
    async record(order) {
      const { orderId, userId, restaurantId, placedAt } = order;
      const placedAtMs = Date.parse(placedAt);
      const history: OrderDocument['history'] = [{ status: 'created', at: new Date().toISOString() }];
      const document: OrderDocument = {
        ...countedOf({ placed: order, placedAtMs, history }),
        _id: orderId,
        placed: order,
        userId,
        restaurantId,
        placedAtMs,
        status: 'created',
        sequence: 1,
        history,
        facts: {},
        unnoted: true,
        unlearnedSince: null,
      };
      // First, so that nobody is reminded whose order is recorded; a repetition changes nothing.
      await database.run<UserDocument, unknown>('users', (users) =>
        users.updateOne({ _id: userId, idleSince: { $lt: placedAtMs } }, { $set: { idleSince: placedAtMs } }),
      );
      try {
        await database.run<OrderDocument, unknown>('orders', (orders) => orders.insertOne(document));
      } catch (error) {
        const known = isDuplicate(error) ? await stored(orderId) : null;
        if (known === null) throw error;
        return { created: false, order: orderFromDocument(known) };
      }
      await noteChange(database, document);
      return { created: true, order: orderFromDocument(document) };
    },

    async find(orderId) {
      const document = await stored(orderId);
      return document === null ? undefined : orderFromDocument(document);
    },

    async transition(orderId, to, facts = {}): Promise<Transition> {
      const now = new Date();
      const newFacts = Object.fromEntries(
        Object.entries(facts).map(([field, value]) => [`facts.${field}`, value]),
      );
      const changed = await database.run<OrderDocument, OrderDocument | null>('orders', (orders) =>
        orders.findOneAndUpdate(
          { _id: orderId, status: { $in: originsOf(to) } },
          {
            $set: {
              status: to,
              unnoted: true,
              ...(to === 'delivered' && { unlearnedSince: now.getTime(), deliveredAtMs: now.getTime() }),
              ...newFacts,
            },
            $inc: { sequence: 1 },
            $push: { history: { status: to, at: now.toISOString() } },
          },
          { returnDocument: 'after' },
        ),
      );
      if (changed !== null) {
        await noteChange(database, changed);
        return { result: 'applied', order: orderFromDocument(changed) };
      }
      const known = await stored(orderId);
      if (known === null) return { result: 'unknown' };
      const order = orderFromDocument(known);
      return { result: order.history.some(({ status }) => status === to) ? 'already' : 'conflict', order };
    },

    async ofUser(userId, limit) {
      if (limit < 1) return [];
      const documents = await database.run<OrderDocument, OrderDocument[]>('orders', (orders) =>
        orders.find({ userId }).sort({ placedAtMs: -1, _id: -1 }).limit(limit).toArray(),
      );
      return documents.map(orderFromDocument);
    },

    async ofRestaurant(restaurantId, status, limit) {
      if (limit < 1) return [];
      const documents = await database.run<OrderDocument, OrderDocument[]>('orders', (orders) =>
        orders.find({ restaurantId, status }).sort({ placedAtMs: 1, _id: 1 }).limit(limit).toArray(),
      );
      return documents.map(orderFromDocument);
    },

    async mostOrdered(day, limit) {
      if (limit < 1) return [];
      const from = Math.floor(day.getTime() / dayMs) * dayMs;
      const groups = await database.run('orders', (orders) =>
        orders
          .aggregate<{ readonly _id: string; readonly orders: number }>([
            { $match: { placedAtMs: { $gte: from, $lt: from + dayMs } } },
            { $group: { _id: '$restaurantId', orders: { $sum: 1 } } },
            { $sort: { orders: -1, _id: -1 } },
            { $limit: limit },
          ])
          .toArray(),
      );
      return groups.map(({ _id, orders }): RestaurantOrders => ({ restaurantId: _id, orders }));
    },

    async countByStatus() {
      const groups = await database.run('orders', (orders) =>
        orders
          .aggregate<{ readonly _id: string; readonly count: number }>([
            { $group: { _id: '$status', count: { $sum: 1 } } },
          ])
          .toArray(),
      );
      const counts = new Map(groups.map(({ _id, count }) => [_id, count]));
      const numbers = orderStatuses.map((status): [OrderStatus, number] => [status, counts.get(status) ?? 0]);
      // Every status has an entry, which fromEntries' type cannot say.
      return Object.fromEntries(numbers) as Record<OrderStatus, number>;
    },
  };
}

/** The statuses that lead to a status. */
function originsOf(to: OrderStatus): OrderStatus[] {
  return orderStatuses.filter((from) => orderTransitions[from].some((next) => next === to));
}
