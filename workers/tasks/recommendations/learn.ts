import { PlatformError } from '../../platform/errors.ts';
import type { OrderRecord } from '../../state/records/orders.ts';
import type { Dish, Lesson, Taste, UserTaste } from '../../state/records/recommendations.ts';
import type { Stores } from '../../state/records/stores.ts';
import { recencyWeight } from './recency.ts';

/** Dishes of a user that are remembered; the ones ordered longest ago make room. */
const tastesKept = 50;

/** Attempts at one order whose customer's other orders are learned at the same time. */
const attempts = 5;

export type LearningStores = Pick<Stores, 'orders' | 'recommendations'>;

/** The dish of an order's item. */
export function dishOf(restaurantId: string, menuItemId: string): Dish {
  return `${restaurantId}/${menuItemId}`;
}

/**
 * Learns from delivered orders that were not learned from yet, each once, oldest first. The cost is that of these
 * orders, however many there were before. Any number of workers may do it at the same time.
 *
 * @returns how many orders this call learned from
 */
export async function learnFromDelivered(
  { orders, recommendations }: LearningStores,
  limit: number,
  signal?: AbortSignal,
): Promise<number> {
  let learned = 0;
  for (const orderId of await recommendations.unlearned(limit)) {
    signal?.throwIfAborted();
    try {
      const order = await orders.find(orderId);
      if (order === undefined) await recommendations.passOver(orderId);
      else if (await learnOrder(recommendations, order)) learned += 1;
    } catch (error) {
      // One damaged record must not keep everybody from their recommendations, now or once there are many of them;
      // whoever reads the order itself hears of it.
      if (!(error instanceof PlatformError && error.code === 'RECORD_CORRUPT')) throw error;
      await recommendations.passOver(orderId);
    }
  }
  return learned;
}

async function learnOrder(model: Stores['recommendations'], order: OrderRecord): Promise<boolean> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const result = await model.learn(lessonFrom(order, await model.tasteOf(order.userId)));
    if (result !== 'outdated') return result === 'learned';
  }
  // Somebody else is learning from the same customer; the order stays to be learned from.
  return false;
}

/**
 * What an order adds to the model. A dish that the same user orders again and again adds less each time (1, 1/2,
 * 1/3 …), so that no regular guest outweighs many others, and everything counts for less with time.
 */
export function lessonFrom(order: OrderRecord, { revision, tastes }: UserTaste): Lesson {
  const { orderId, userId, restaurantId } = order;
  const at = new Date(order.placedAt);
  const recency = recencyWeight(at);
  const before = new Map(tastes.map((taste) => [taste.dish, taste]));
  const ordered = [...new Set(order.items.map(({ menuItemId }) => dishOf(restaurantId, menuItemId)))].map(
    (dish): Taste => again(before.get(dish), dish, at),
  );
  const after = new Map([...before, ...ordered.map((taste) => [taste.dish, taste] as const)]);
  const remembered = [...after.values()]
    .sort((a, b) => b.lastOrderedAt.getTime() - a.lastOrderedAt.getTime() || (a.dish < b.dish ? -1 : 1))
    .slice(0, tastesKept);
  return {
    orderId,
    userId,
    restaurantId,
    revision,
    tastes: remembered,
    weights: ordered.map(({ dish, times }) => ({ dish, weight: recency / times })),
    pairs: pairsOf(ordered, [...after.values()], recency),
  };
}

function again(known: Taste | undefined, dish: Dish, at: Date): Taste {
  if (known === undefined) return { dish, times: 1, lastOrderedAt: at };
  // Orders may be delivered in another order than they were placed in.
  const lastOrderedAt = known.lastOrderedAt > at ? known.lastOrderedAt : at;
  return { dish, times: known.times + 1, lastOrderedAt };
}

/** Pairs of each ordered dish with every other dish of the user, each pair once. */
function pairsOf(ordered: readonly Taste[], all: readonly Taste[], recency: number): Lesson['pairs'] {
  const done = new Set<Dish>();
  return ordered.flatMap((taste) => {
    done.add(taste.dish);
    return all
      .filter(({ dish }) => !done.has(dish))
      .map((other) => ({
        dishes: [taste.dish, other.dish] as const,
        weight: recency / Math.max(taste.times, other.times),
      }));
  });
}
