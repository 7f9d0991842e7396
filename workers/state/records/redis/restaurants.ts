import { redisKey } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { saveIndexed } from '../../scripts/save-indexed.ts';
import { parseStored, recordCorrupt } from '../../stored.ts';
import { MenuItem, Restaurant, type RestaurantStore } from '../restaurants.ts';

/** Restaurants in Redis: one key for each, a set of their ids, and a hash for each menu. */
export function redisRestaurantStore(connection: RedisConnection): RestaurantStore {
  const index = redisKey('restaurantIndex', {});
  const keyOf = (id: string) => redisKey('restaurant', { id });

  return {
    async save(restaurant) {
      const { restaurantId } = restaurant;
      await connection.script(
        saveIndexed,
        [keyOf(restaurantId), index],
        [restaurantId, JSON.stringify(restaurant)],
      );
    },

    async find(restaurantId) {
      const key = keyOf(restaurantId);
      const text = await connection.run((redis) => redis.get(key));
      return text === null ? undefined : parseStored(Restaurant, key, text);
    },

    async list() {
      const keys = (await connection.run((redis) => redis.smembers(index))).map(keyOf);
      if (keys.length === 0) return [];
      const texts = await connection.run((redis) => redis.mget(keys));
      return keys
        .map((key, position) => {
          const text = texts[position];
          if (text === null || text === undefined)
            throw recordCorrupt(key, 'the index names it, but it is not there');
          return parseStored(Restaurant, key, text);
        })
        .sort((a, b) => a.name.localeCompare(b.name, 'en') || compare(a.restaurantId, b.restaurantId));
    },

    async menu(restaurantId) {
      const key = redisKey('menu', { restaurantId });
      const items = await connection.run((redis) => redis.hgetall(key));
      return Object.values(items)
        .map((text) => parseStored(MenuItem, key, text))
        .sort((a, b) => compare(a.menuItemId, b.menuItemId));
    },

    async saveMenuItem(restaurantId, item) {
      const key = redisKey('menu', { restaurantId });
      await connection.run((redis) => redis.hset(key, item.menuItemId, JSON.stringify(item)));
    },
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
