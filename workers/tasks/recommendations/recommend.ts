import { PlatformError } from '../../platform/errors.ts';
import type { OrderRecord } from '../../state/records/orders.ts';
import type { Dish, UserTaste, WeightedDish } from '../../state/records/recommendations.ts';
import type { Stores } from '../../state/records/stores.ts';
import { learnFromDelivered } from './learn.ts';
import { OnOffer } from './on-offer.ts';
import { rankByTaste } from './rank.ts';
import { recencyWeight } from './recency.ts';

export interface RecommendationDeps {
  readonly stores: Pick<Stores, 'users' | 'orders' | 'restaurants' | 'recommendations'>;
  readonly now: () => Date;
}

/** A dish for a user. */
export type Recommendation = {
  readonly menuItemId: string;
  readonly restaurantId: string;
  /** Greater is better; scores of different answers are not to be compared. */
  readonly score: number;
  /** For people, such as `Because you ordered Pizza Margherita`. */
  readonly reason: string;
};

export type Recommendations = {
  readonly items: readonly Recommendation[];
  /** `item-to-item` where the user's orders led to them, `popularity` where all are what others like. */
  readonly model: 'item-to-item' | 'popularity';
  /** ISO 8601 */
  readonly generatedAt: string;
};

const shown = 10;

/** Delivered orders that one call learns from before it answers; a backlog is shared by the calls. */
const learnedAtOnce = 500;

/** Orders of the user that tell where the user is and what it has had. */
const ordersRead = 20;

/**
 * Recommends dishes to a user: those that users with the same taste order, filled up with what is popular, and only what
 * the user has not had and can have now. Orders that were delivered since are learned from first.
 *
 * @throws PlatformError USER_UNKNOWN
 */
export async function recommend(
  { stores, now }: RecommendationDeps,
  userId: string,
  signal?: AbortSignal,
): Promise<Recommendations> {
  if ((await stores.users.find(userId)) === undefined) {
    throw new PlatformError('USER_UNKNOWN', `There is no user ${userId}.`);
  }
  await learnFromDelivered(stores, learnedAtOnce, signal);
  const at = now();
  const [orders, taste] = await Promise.all([
    stores.orders.ofUser(userId, ordersRead),
    stores.recommendations.tasteOf(userId),
  ]);
  const onOffer = await OnOffer.find(stores.restaurants, orders[0]?.deliverTo);
  const personal = await onOffer.first(await rankByTaste(stores.recommendations, taste.tastes, at), shown);
  const had = dishesHad(taste, orders);
  for (const { dish } of personal) had.add(dish);
  const popular = await popularDishes(stores, onOffer, had, shown - personal.length);

  const items: Recommendation[] = [];
  for (const { item, restaurant, score, because } of personal) {
    const known = nameIn(orders, because) ?? (await onOffer.nameOf(because));
    const reason = known === undefined ? 'Because of what you ordered' : `Because you ordered ${known}`;
    items.push({
      menuItemId: item.menuItemId,
      restaurantId: restaurant.restaurantId,
      score: rounded(score),
      reason,
    });
  }
  // What fills up comes after what is personal, whatever its numbers say.
  const least = items.at(-1)?.score ?? 1;
  const most = Math.max(recencyWeight(at), ...popular.map(({ weight }) => weight));
  for (const { item, restaurant, weight } of popular) {
    const reason = `Popular at ${restaurant.name}`;
    const score = rounded((least * weight) / most);
    items.push({ menuItemId: item.menuItemId, restaurantId: restaurant.restaurantId, score, reason });
  }
  return {
    items,
    model: personal.length > 0 ? 'item-to-item' : 'popularity',
    generatedAt: at.toISOString(),
  };
}

async function popularDishes(
  { recommendations }: RecommendationDeps['stores'],
  onOffer: OnOffer,
  had: ReadonlySet<Dish>,
  limit: number,
) {
  if (limit < 1) return [];
  const popular = await recommendations.popular(onOffer.restaurantIds(), shown + had.size);
  return onOffer.first(popular.filter(({ dish }) => !had.has(dish)).sort(heaviestFirst), limit);
}

function dishesHad({ tastes }: UserTaste, orders: readonly OrderRecord[]): Set<Dish> {
  const ordered = orders.flatMap(({ restaurantId, items }) =>
    items.map(({ menuItemId }): Dish => `${restaurantId}/${menuItemId}`),
  );
  return new Set([...tastes.map(({ dish }) => dish), ...ordered]);
}

function nameIn(orders: readonly OrderRecord[], dish: Dish): string | undefined {
  const [restaurantId, menuItemId] = dish.split('/');
  return orders
    .filter((order) => order.restaurantId === restaurantId)
    .flatMap(({ items }) => items)
    .find((item) => item.menuItemId === menuItemId)?.name;
}

function heaviestFirst(a: WeightedDish, b: WeightedDish): number {
  return b.weight - a.weight || (a.dish < b.dish ? -1 : 1);
}

function rounded(score: number): number {
  return Number(score.toPrecision(6));
}
