/** A dish of one restaurant: `<restaurantId>/<menuItemId>`. */
export type Dish = `${string}/${string}`;

/** A dish that a user has ordered. */
export interface Taste {
  readonly dish: Dish;
  /** In how many orders. */
  readonly times: number;
  readonly lastOrderedAt: Date;
}

/** What a user has ordered so far, as far as it was learned. */
export interface UserTaste {
  /** Counts what was learned of the user. */
  readonly revision: number;
  readonly tastes: readonly Taste[];
}

/** What one delivered order adds to the model. */
export interface Lesson {
  readonly orderId: string;
  readonly userId: string;
  readonly restaurantId: string;
  /** The revision of the user's taste that the lesson was made from. */
  readonly revision: number;
  /** All that the user has ordered, this order included. */
  readonly tastes: readonly Taste[];
  /** What each dish of the order gains. */
  readonly weights: readonly WeightedDish[];
  /** What pairs of dishes gain; each pair once, in whichever order. */
  readonly pairs: readonly { readonly dishes: readonly [Dish, Dish]; readonly weight: number }[];
}

export interface WeightedDish {
  readonly dish: Dish;
  readonly weight: number;
}

/** What recommendations are made from: pairs of dishes and what each user has ordered. It grows with each order. */
export interface RecommendationStore {
  /** Ids of delivered orders that were not learned from yet, oldest first. An order comes here as it is delivered. */
  unlearned(limit: number): Promise<readonly string[]>;
  /** Leaves an order out for good, from which nothing can be learned. */
  passOver(orderId: string): Promise<void>;
  tasteOf(userId: string): Promise<UserTaste>;
  /**
   * Learns from an order, once, in one atomic step.
   * - `already`: it was learned before; nothing changed
   * - `outdated`: the user's taste changed since the lesson was made; nothing changed
   */
  learn(lesson: Lesson): Promise<'learned' | 'already' | 'outdated'>;
  /** For each dish the dishes it is paired with, strongest first; only the strongest are kept. */
  pairsOf(dishes: readonly Dish[], limit: number): Promise<readonly (readonly WeightedDish[])[]>;
  /** The weight of each dish, 0 where it was never ordered. */
  weightsOf(dishes: readonly Dish[]): Promise<readonly number[]>;
  /** The dishes with the greatest weight of each of the restaurants. */
  popular(restaurantIds: readonly string[], limit: number): Promise<readonly WeightedDish[]>;
}
