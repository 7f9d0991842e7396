import { redisKey } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { removeCarts } from '../../scripts/remove-carts.ts';
import { saveCart } from '../../scripts/save-cart.ts';
import { parseStored } from '../../stored.ts';
import { Cart, type CartStore } from '../carts.ts';

/** Carts in Redis: a key for each, and an index of them by the time they expire. */
export function redisCartStore(connection: RedisConnection): CartStore {
  const keyOf = (userId: string) => redisKey('cart', { userId });
  const index = redisKey('cartExpiry', {});

  const remove = (userIds: readonly string[], expiredBy: number | '+inf') =>
    connection.script(removeCarts, [index, ...userIds.map(keyOf)], [expiredBy, ...userIds]);

  return {
    async find(userId, now) {
      const key = keyOf(userId);
      const text = await connection.run((redis) => redis.get(key));
      const cart = text === null ? undefined : parseStored(Cart, key, text);
      return cart !== undefined && Date.parse(cart.expiresAt) > now.getTime() ? cart : undefined;
    },

    async save(userId, cart) {
      const args = [userId, JSON.stringify(cart), Date.parse(cart.expiresAt)];
      await connection.script(saveCart, [index, keyOf(userId)], args);
    },

    remove: async (userId) => (await remove([userId], '+inf')) > 0,

    async removeExpired(now, limit) {
      const expired = await connection.run((redis) =>
        redis.zrangebyscore(index, '-inf', now.getTime(), 'LIMIT', 0, limit),
      );
      const removed = expired.length === 0 ? 0 : await remove(expired, now.getTime());
      return { seen: expired.length, removed };
    },
  };
}
