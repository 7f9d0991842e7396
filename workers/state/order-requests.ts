import { z } from 'zod';
import { PlacedOrder } from '../platform/order.ts';
import { redisKey, redisKeys } from '../platform/redis-keys.ts';
import type { RedisConnection } from './redis-connection.ts';
import { parseStored } from './stored.ts';

/** The request that placed an order: the order as it is published, and a digest of what the customer sent. */
const OrderRequestRecord = z.strictObject({ digest: z.string(), order: PlacedOrder });
export type OrderRequestRecord = z.infer<typeof OrderRequestRecord>;

/**
 * Remembers the requests of a day. The first request of an order decides what the order is: a repetition finds it
 * and is published unchanged, whatever the menu says by then.
 * Every method throws PlatformError STATE_UNAVAILABLE while Redis is away.
 */
export interface OrderRequests {
  /**
   * Keeps the request unless there is one for this order already.
   * @returns the request that is kept
   */
  claim(request: OrderRequestRecord): Promise<OrderRequestRecord>;
  /** @throws PlatformError RECORD_CORRUPT */
  find(orderId: string): Promise<OrderRequestRecord | undefined>;
}

export function createOrderRequests(connection: RedisConnection): OrderRequests {
  const find = async (orderId: string) => {
    const key = redisKey('orderRequest', { orderId });
    const text = await connection.run((redis) => redis.get(key));
    return text === null ? undefined : parseStored(OrderRequestRecord, key, text);
  };
  return {
    claim: async (request) => {
      const { orderId } = request.order;
      const key = redisKey('orderRequest', { orderId });
      const { ttlSeconds } = redisKeys.orderRequest;
      const kept = await connection.run((redis) =>
        redis.set(key, JSON.stringify(request), 'EX', ttlSeconds, 'NX'),
      );
      if (kept !== null) return request;
      // The earlier one may be forgotten in this very moment; then this is the first again.
      return (await find(orderId)) ?? request;
    },
    find,
  };
}
