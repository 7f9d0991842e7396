import { z } from 'zod';
import { redisKey } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { learnOrder } from '../../scripts/learn-order.ts';
import { checkStored } from '../../stored.ts';
import type { Dish, Lesson, RecommendationStore, Taste, WeightedDish } from '../recommendations.ts';

/** Pairs that are kept of a dish; weaker ones tell little and would grow with the square of the menus. */
const pairsKept = 300;

const DishText = z.custom<Dish>((value) => typeof value === 'string' && /^[\w-]+\/[\w-]+$/.test(value));

/** `<times>:<ms since 1970>` */
const TasteText = z
  .string()
  .regex(/^\d+:\d+$/)
  .transform((text) => {
    const [times = 0, ms = 0] = text.split(':').map(Number);
    return { times, lastOrderedAt: new Date(ms) };
  });

/** The model of recommendations in Redis: a hash for each user, and sorted sets for dishes and restaurants. */
export function redisRecommendationStore(connection: RedisConnection): RecommendationStore {
  const unlearnedKey = redisKey('deliveredUnlearned', {});
  const tasteKey = (userId: string) => redisKey('taste', { userId });
  const pairsKey = (dish: Dish) => redisKey('dishPairs', { dish });
  const weightsKey = (restaurantId: string) => redisKey('dishWeights', { restaurantId });

  async function strongest(keys: readonly string[], limit: number): Promise<readonly WeightedDish[][]> {
    if (limit < 1) return keys.map(() => []);
    const replies = await connection.run((redis) =>
      Promise.all(keys.map((key) => redis.zrevrange(key, 0, limit - 1, 'WITHSCORES'))),
    );
    return replies.map((reply, position) => weighted(keys[position] ?? '', reply));
  }

  return {
    async unlearned(limit) {
      return limit < 1 ? [] : connection.run((redis) => redis.zrange(unlearnedKey, 0, String(limit - 1)));
    },

    async passOver(orderId) {
      await connection.run((redis) => redis.zrem(unlearnedKey, orderId));
    },

    async tasteOf(userId) {
      const key = tasteKey(userId);
      const { revision = '0', ...entries } = await connection.run((redis) => redis.hgetall(key));
      return {
        revision: checkStored(z.coerce.number().int(), key, revision),
        tastes: Object.entries(entries).map(([dish, text]) => ({
          dish: checkStored(DishText, key, dish),
          ...checkStored(TasteText, `${key} ${dish}`, text),
        })),
      };
    },

    async learn(lesson) {
      const { orderId, userId, restaurantId, revision, tastes, weights } = lesson;
      const paired = [...new Set(lesson.pairs.flatMap(({ dishes }) => dishes))];
      return connection.script(
        learnOrder,
        [unlearnedKey, tasteKey(userId), weightsKey(restaurantId), ...paired.map(pairsKey)],
        [
          orderId,
          revision,
          pairsKept,
          tastes.length,
          weights.length,
          ...tastes.flatMap(tasteArguments),
          ...weights.flatMap(({ dish, weight }) => [dish, weight]),
          ...pairArguments(lesson, paired),
        ],
      );
    },

    pairsOf: (dishes, limit) => strongest(dishes.map(pairsKey), limit),

    async weightsOf(dishes) {
      const scores = await connection.run((redis) =>
        Promise.all(dishes.map((dish) => redis.zscore(weightsKey(dish.split('/')[0] ?? ''), dish))),
      );
      return scores.map((score) => Number(score ?? 0));
    },

    async popular(restaurantIds, limit) {
      return (await strongest(restaurantIds.map(weightsKey), limit)).flat();
    },
  };
}

function weighted(key: string, reply: readonly string[]): WeightedDish[] {
  const found: WeightedDish[] = [];
  for (let i = 0; i + 1 < reply.length; i += 2) {
    found.push({ dish: checkStored(DishText, key, reply[i]), weight: Number(reply[i + 1]) });
  }
  return found;
}

function tasteArguments({ dish, times, lastOrderedAt }: Taste): readonly string[] {
  return [dish, `${times}:${lastOrderedAt.getTime()}`];
}

/** Each pair is kept with both of its dishes. */
function pairArguments({ pairs }: Lesson, paired: readonly Dish[]): readonly (string | number)[] {
  const firstPairKey = 4;
  const indexes = new Map(paired.map((dish, position) => [dish, firstPairKey + position]));
  return pairs.flatMap(({ dishes: [a, b], weight }) => [
    ...[indexes.get(a) ?? 0, b, weight],
    ...[indexes.get(b) ?? 0, a, weight],
  ]);
}
