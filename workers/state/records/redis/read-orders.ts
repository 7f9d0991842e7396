import { redisKey } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { recordCorrupt } from '../../stored.ts';
import type { OrderRecord } from '../orders.ts';
import { orderFromHash } from './order-hash.ts';

/**
 * The orders an index names, in its order, in one round trip.
 * @throws PlatformError RECORD_CORRUPT where one of them is not there or cannot be read
 */
export async function readOrders(
  connection: RedisConnection,
  orderIds: readonly string[],
  index: string,
): Promise<readonly OrderRecord[]> {
  const keys = orderIds.map((orderId) => redisKey('order', { orderId }));
  const hashes = await connection.run((redis) => Promise.all(keys.map((key) => redis.hgetall(key))));
  return keys.map((key, position) => {
    const hash = hashes[position] ?? {};
    if (Object.keys(hash).length === 0) throw recordCorrupt(index, `${key}, which it names, is not there`);
    return orderFromHash(key, hash);
  });
}
