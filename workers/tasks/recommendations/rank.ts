import type { Dish, RecommendationStore, Taste } from '../../state/records/recommendations.ts';
import { freshness, recencyWeight } from './recency.ts';

/** A dish that a user may like. */
export interface Candidate {
  readonly dish: Dish;
  readonly score: number;
  /** The dish of the user's own that speaks most for it. */
  readonly because: Dish;
}

/** The user's dishes that are asked for their pairs: those that count most. */
const tastesUsed = 20;
const pairsUsed = 100;

/**
 * How far popularity is damped: 0 would recommend what everybody orders anyway, 1 what only few do
 * (1/2 for both dishes is the cosine of the two).
 */
const damping = 0.5;

/** What a dish weighs more than its orders, in orders of today: with few of them chance decides. */
const caution = 3;

/**
 * Ranks the dishes that other users ordered beside those of this user, best first: item-to-item collaborative
 * filtering. What the user has ordered before is left out, it needs no recommendation.
 */
export async function rankByTaste(
  model: Pick<RecommendationStore, 'pairsOf' | 'weightsOf'>,
  tastes: readonly Taste[],
  now: Date,
): Promise<readonly Candidate[]> {
  const own = new Set(tastes.map(({ dish }) => dish));
  const used = tastes
    .map(({ dish, times, lastOrderedAt }) => ({
      dish,
      liking: freshness(lastOrderedAt, now) * Math.log2(1 + times),
    }))
    .sort((a, b) => b.liking - a.liking)
    .slice(0, tastesUsed);
  const dishes = used.map(({ dish }) => dish);
  const pairs = await model.pairsOf(dishes, pairsUsed);
  const others = [...new Set(pairs.flatMap((each) => each.map(({ dish }) => dish)))].filter(
    (dish) => !own.has(dish),
  );
  const weights = await model.weightsOf([...dishes, ...others]);
  const weightOf = new Map([...dishes, ...others].map((dish, i) => [dish, weights[i] ?? 0]));
  const shrink = caution * recencyWeight(now);
  const norm = (dish: Dish) => ((weightOf.get(dish) ?? 0) + shrink) ** damping;

  const candidates = new Map<Dish, { score: number; because: Dish; most: number }>();
  for (const [position, { dish: from, liking }] of used.entries()) {
    for (const { dish, weight } of pairs[position] ?? []) {
      if (own.has(dish)) continue;
      const part = (liking * weight) / (norm(from) * norm(dish));
      const candidate = candidates.get(dish) ?? { score: 0, because: from, most: 0 };
      candidate.score += part;
      if (part > candidate.most) Object.assign(candidate, { because: from, most: part });
      candidates.set(dish, candidate);
    }
  }
  return [...candidates]
    .map(([dish, { score, because }]) => ({ dish, score, because }))
    .sort((a, b) => b.score - a.score || (a.dish < b.dish ? -1 : 1));
}
