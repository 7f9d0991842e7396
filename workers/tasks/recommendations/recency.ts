const dayMs = 86_400_000;

/** What lies this far back counts half. */
const halfLifeDays = 90;

/** Where the growing weights begin; any moment would do. */
const landmark = Date.UTC(2026, 0, 1);

/**
 * The weight of something that happened at a moment, for sums that are never calculated again: rather than letting old
 * parts shrink, new ones weigh more (forward decay; Cormode et al., ICDE 2009). Only ratios of such sums mean anything.
 * A double holds the weights of two hundred years.
 */
export function recencyWeight(at: Date): number {
  return 2 ** ((at.getTime() - landmark) / (halfLifeDays * dayMs));
}

/** How much something that happened at a moment counts now: 1 for just now, one half after the half-life. */
export function freshness(at: Date, now: Date): number {
  return Math.min(1, recencyWeight(at) / recencyWeight(now));
}
