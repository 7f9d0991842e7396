import type { AnyBulkWriteOperation } from 'mongodb';
import type { Dish, Lesson, RecommendationStore, Taste, WeightedDish } from '../recommendations.ts';
import type { Identified, MongoDatabase } from './mongo-database.ts';
import { isDuplicate } from './mongo-errors.ts';
import type { OrderDocument } from './order-document.ts';

interface TasteDocument extends Identified {
  readonly revision: number;
  readonly tastes: readonly Taste[];
}

interface WeightDocument extends Identified {
  readonly restaurantId: string;
  readonly weight: number;
}

/** One side of a pair: its id is both dishes. */
interface PairDocument extends Identified {
  readonly dish: Dish;
  readonly other: Dish;
  readonly weight: number;
}

/** Pairs that are kept of a dish; weaker ones tell little and would grow with the square of the menus. */
const pairsKept = 300;

/** The model of recommendations in MongoDB. An order is learned from in one transaction. */
export function mongoRecommendationStore(database: MongoDatabase): RecommendationStore {
  const strongestOf = (dish: Dish, limit: number) =>
    database.run<PairDocument, PairDocument[]>('dishPairs', (pairs) =>
      pairs.find({ dish }).sort({ weight: -1, _id: 1 }).limit(limit).toArray(),
    );

  return {
    async unlearned(limit) {
      if (limit < 1) return [];
      const found = await database.run<OrderDocument, OrderDocument[]>('orders', (orders) =>
        orders
          .find({ unlearnedSince: { $gt: 0 } })
          .sort({ unlearnedSince: 1, _id: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(({ _id }) => _id);
    },

    async passOver(orderId) {
      await database.run<OrderDocument, unknown>('orders', (orders) =>
        orders.updateOne({ _id: orderId }, { $set: { unlearnedSince: null } }),
      );
    },

    async tasteOf(userId) {
      const document = await database.run<TasteDocument, TasteDocument | null>('tastes', (tastes) =>
        tastes.findOne({ _id: userId }),
      );
      return { revision: document?.revision ?? 0, tastes: document?.tastes ?? [] };
    },

    learn: (lesson) => learn(database, lesson),

    async pairsOf(dishes, limit) {
      if (limit < 1) return dishes.map(() => []);
      const found = await Promise.all(dishes.map((dish) => strongestOf(dish, limit)));
      return found.map((pairs) => pairs.map(({ other, weight }) => ({ dish: other, weight })));
    },

    async weightsOf(dishes) {
      const found = await database.run<WeightDocument, WeightDocument[]>('dishWeights', (weights) =>
        weights.find({ _id: { $in: [...dishes] } }).toArray(),
      );
      const byDish = new Map<string, number>(found.map(({ _id, weight }) => [_id, weight]));
      return dishes.map((dish) => byDish.get(dish) ?? 0);
    },

    async popular(restaurantIds, limit) {
      if (limit < 1) return [];
      const found = await Promise.all(
        restaurantIds.map((restaurantId) =>
          database.run<WeightDocument, WeightDocument[]>('dishWeights', (weights) =>
            weights.find({ restaurantId }).sort({ weight: -1, _id: 1 }).limit(limit).toArray(),
          ),
        ),
      );
      // Written by `learn` from dishes alone.
      return found.flat().map(({ _id, weight }): WeightedDish => ({ dish: _id as Dish, weight }));
    },
  };
}

async function learn(database: MongoDatabase, lesson: Lesson): Promise<'learned' | 'already' | 'outdated'> {
  const { orderId, userId, restaurantId, revision, tastes, weights } = lesson;
  return database.together(async (session) => {
    const options = session && { session };
    const isOpen = await database.run<OrderDocument, boolean>(
      'orders',
      async (orders) =>
        (await orders.countDocuments({ _id: orderId, unlearnedSince: { $gt: 0 } }, options)) === 1,
    );
    if (!isOpen) return 'already';

    const next = { revision: revision + 1, tastes };
    const isCurrent = await database.run<TasteDocument, boolean>('tastes', async (all) => {
      const current = { _id: userId, revision };
      if ((await all.updateOne(current, { $set: next }, options)).matchedCount === 1) return true;
      if (revision > 0 || (await all.countDocuments({ _id: userId }, options)) > 0) return false;
      try {
        await all.insertOne({ _id: userId, ...next }, options);
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    });
    if (!isCurrent) return 'outdated';

    const grow = weights.map(
      ({ dish, weight }): AnyBulkWriteOperation<WeightDocument> => ({
        updateOne: {
          filter: { _id: dish },
          update: { $set: { restaurantId }, $inc: { weight } },
          upsert: true,
        },
      }),
    );
    if (grow.length > 0)
      await database.run<WeightDocument, unknown>('dishWeights', (all) => all.bulkWrite(grow, options));
    await growPairs(database, lesson, options);
    await database.run<OrderDocument, unknown>('orders', (orders) =>
      orders.updateOne({ _id: orderId }, { $set: { unlearnedSince: null } }, options),
    );
    return 'learned';
  });
}

type SessionOptions = Parameters<Parameters<MongoDatabase['together']>[0]>[0] extends infer Session
  ? { readonly session: NonNullable<Session> } | undefined
  : never;

/** Each pair is kept with both of its dishes, and of each dish only the strongest. */
async function growPairs(database: MongoDatabase, { pairs }: Lesson, options: SessionOptions): Promise<void> {
  const grow = pairs.flatMap(({ dishes: [a, b], weight }) =>
    [
      [a, b],
      [b, a],
    ].map(
      ([dish, other]): AnyBulkWriteOperation<PairDocument> => ({
        updateOne: {
          filter: { _id: `${dish} ${other}` },
          update: { $set: { dish, other } as Partial<PairDocument>, $inc: { weight } },
          upsert: true,
        },
      }),
    ),
  );
  if (grow.length === 0) return;
  await database.run<PairDocument, void>('dishPairs', async (all) => {
    await all.bulkWrite(grow, { ...options, ordered: false });
    const dishes = [...new Set(pairs.flatMap((pair) => pair.dishes))];
    const crowded = await all
      .aggregate<{ readonly _id: Dish; readonly count: number }>(
        [{ $match: { dish: { $in: dishes } } }, { $group: { _id: '$dish', count: { $sum: 1 } } }],
        options,
      )
      .toArray();
    for (const { _id: dish, count } of crowded) {
      if (count <= pairsKept) continue;
      const weakest = await all
        .find({ dish }, options)
        .sort({ weight: 1, _id: -1 })
        .limit(count - pairsKept)
        .toArray();
      await all.deleteMany({ _id: { $in: weakest.map(({ _id }) => _id) } }, options);
    }
  });
}
