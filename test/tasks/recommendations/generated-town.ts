import type { PlacedOrder } from '../../../workers/platform/order.ts';
import type { MenuItem, Restaurant } from '../../../workers/state/records/restaurants.ts';
import { sampleMenuItem, sampleOrder, sampleRestaurant } from '../../state/samples.ts';

/** A user of the generated town: orders to learn from, and a dish that comes after them. */
export interface GeneratedUser {
  readonly userId: string;
  readonly orders: readonly PlacedOrder[];
  /** The dish the user orders next and has not had before, as `<restaurantId>/<menuItemId>`. */
  readonly next: string;
}

export interface GeneratedTown {
  readonly restaurants: readonly (readonly [Restaurant, readonly MenuItem[]])[];
  readonly users: readonly GeneratedUser[];
}

const cuisines = 6;
const restaurantsOfCuisine = 3;
const dishesOfRestaurant = 8;

/**
 * A town whose users have tastes: each likes one cuisine most and another now and then, and orders anything once in a
 * while. Some dishes are far more popular than others. The same seed gives the same town.
 */
export function generateTown(userCount: number, seed: number): GeneratedTown {
  const random = generator(seed);
  const restaurants = Array.from({ length: cuisines * restaurantsOfCuisine }, (_, i) => {
    const restaurant = sampleRestaurant({ restaurantId: `r${i}`, name: `Restaurant ${i}` });
    const menu = Array.from({ length: dishesOfRestaurant }, (_, j) =>
      sampleMenuItem({ menuItemId: `d${j}`, name: `Dish ${i}.${j}` }),
    );
    return [restaurant, menu] as const;
  });
  const users = Array.from({ length: userCount }, (_, i) => generateUser(`u${i}`, random));
  return { restaurants, users };
}

function generateUser(userId: string, random: () => number): GeneratedUser {
  const favourite = Math.floor(random() * cuisines);
  const second = Math.floor(random() * cuisines);
  const had = new Set<string>();
  const pick = () => {
    const chance = random();
    const cuisine = chance < 0.65 ? favourite : chance < 0.9 ? second : Math.floor(random() * cuisines);
    // Popularity falls with the number of the restaurant and of the dish.
    const restaurant = cuisine * restaurantsOfCuisine + Math.floor(random() ** 1.5 * restaurantsOfCuisine);
    return [`r${restaurant}`, `d${Math.floor(random() ** 2 * dishesOfRestaurant)}`] as const;
  };
  const orders = Array.from({ length: 5 + Math.floor(random() * 6) }, (_, i) => {
    const [restaurantId, first] = pick();
    const others = Array.from(
      { length: Math.floor(random() * 2) },
      () => `d${Math.floor(random() ** 2 * dishesOfRestaurant)}`,
    );
    const dishes = [...new Set([first, ...others])];
    for (const dish of dishes) had.add(`${restaurantId}/${dish}`);
    return sampleOrder({
      orderId: `${userId}-${i}`,
      userId,
      restaurantId,
      placedAt: new Date(Date.UTC(2026, 9, 1) + (i * 5 + random() * 4) * 86_400_000).toISOString(),
      items: dishes.map((menuItemId) => ({
        menuItemId,
        name: menuItemId,
        quantity: 1,
        unitPrice: { amountMinor: 900, currency: 'EUR' },
      })),
    });
  });
  for (;;) {
    const next = pick().join('/');
    if (!had.has(next)) return { userId, orders, next };
  }
}

/** Numbers from 0 up to 1 that only depend on the seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
