import { type OrderStatus, orderStatuses, orderTransitions } from '../../../platform/order.ts';
import { redisKey, redisKeys } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { recordOrder } from '../../scripts/record-order.ts';
import { transitionOrder } from '../../scripts/transition-order.ts';
import { recordCorrupt } from '../../stored.ts';
import type { OrderFacts, OrderRecord, OrderStore, Transition } from '../orders.ts';
import { factFields, orderFromHash } from './order-hash.ts';
import { readOrders } from './read-orders.ts';

/**
 * Orders in Redis: a hash for each, an index for each user and for each restaurant and status, and the number of
 * orders in each status. The indexes, the numbers, and the note of what changed, change in the same atomic step as
 * the order.
 */
export function redisOrderStore(connection: RedisConnection): OrderStore {
  const keyOf = (orderId: string) => redisKey('order', { orderId });
  const indexOf = (restaurantId: string, status: OrderStatus) =>
    redisKey('ordersOfRestaurant', { restaurantId, status });
  const counts = redisKey('orderCounts', {});
  const changes = redisKey('orderChanges', {});
  const changedOf = (restaurantId: string) => redisKey('changedQuarters', { restaurantId });

  async function find(orderId: string): Promise<OrderRecord | undefined> {
    const hash = await connection.run((redis) => redis.hgetall(keyOf(orderId)));
    return Object.keys(hash).length === 0 ? undefined : orderFromHash(keyOf(orderId), hash);
  }

  return {
    async record(order) {
      const { orderId, userId, restaurantId } = order;
      const [created, hash] = await connection.script(
        recordOrder,
        [
          keyOf(orderId),
          redisKey('ordersOfUser', { userId }),
          indexOf(restaurantId, 'created'),
          counts,
          changes,
          changedOf(restaurantId),
          redisKey('idleCustomers', {}),
          dayKey(new Date(order.placedAt)),
        ],
        [
          orderId,
          JSON.stringify(order),
          Date.parse(order.placedAt),
          restaurantId,
          'created',
          userId,
          redisKeys.ordersOfDay.ttlSeconds,
        ],
      );
      return { created: created === 1, order: orderFromHash(keyOf(orderId), hash) };
    },

    find,

    async transition(orderId, to, facts = {}): Promise<Transition> {
      // The restaurant of an order never changes; its indexes must be named before the script runs.
      const known = await find(orderId);
      if (known === undefined) return { result: 'unknown' };
      const { restaurantId } = known;
      const origins = originsOf(to);
      const [result, hash] = await connection.script(
        transitionOrder,
        [
          keyOf(orderId),
          counts,
          changes,
          changedOf(restaurantId),
          redisKey('deliveredUnlearned', {}),
          indexOf(restaurantId, to),
          ...origins.map((from) => indexOf(restaurantId, from)),
        ],
        [orderId, to, ...origins, ...factArguments(facts)],
      );
      return result === 'unknown' ? { result } : { result, order: orderFromHash(keyOf(orderId), hash) };
    },

    async ofUser(userId, limit) {
      if (limit < 1) return [];
      const index = redisKey('ordersOfUser', { userId });
      const orderIds = await connection.run((redis) => redis.zrevrange(index, 0, limit - 1));
      return readOrders(connection, orderIds, index);
    },

    async ofRestaurant(restaurantId, status, limit) {
      if (limit < 1) return [];
      const index = indexOf(restaurantId, status);
      const orderIds = await connection.run((redis) => redis.zrange(index, 0, String(limit - 1)));
      const orders = await readOrders(connection, orderIds, index);
      // An order may have moved on between the two reads.
      return orders.filter((order) => order.status === status);
    },

    async mostOrdered(day, limit) {
      if (limit < 1) return [];
      // Restaurants and numbers by turns.
      const found = await connection.run((redis) => redis.zrevrange(dayKey(day), 0, limit - 1, 'WITHSCORES'));
      return found.flatMap((restaurantId, index) =>
        index % 2 === 0 ? [{ restaurantId, orders: Number(found[index + 1]) }] : [],
      );
    },

    async countByStatus() {
      const stored = await connection.run((redis) => redis.hgetall(counts));
      const numbers = orderStatuses.map((status): [OrderStatus, number] => {
        const count = Number(stored[status] ?? 0);
        if (!Number.isSafeInteger(count)) throw recordCorrupt(counts, `${status} is ${stored[status]}`);
        return [status, count];
      });
      // Every status has an entry, which fromEntries' type cannot say.
      return Object.fromEntries(numbers) as Record<OrderStatus, number>;
    },
  };
}

function dayKey(time: Date): string {
  return redisKey('ordersOfDay', { day: time.toISOString().slice(0, 10) });
}

/** The statuses that lead to a status. */
function originsOf(to: OrderStatus): readonly OrderStatus[] {
  return orderStatuses.filter((from) => orderTransitions[from].some((next) => next === to));
}

function factArguments(facts: OrderFacts): readonly string[] {
  return factFields.flatMap((field) => {
    const value = facts[field];
    return value === undefined ? [] : [field, value];
  });
}
