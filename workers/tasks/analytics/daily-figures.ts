import type { DailyFigures } from '../../state/records/analytics.ts';
import { dateAt, localDay } from '../../state/records/local-day.ts';
import type { ChangedQuarter, OrderChanges } from '../../state/records/order-history.ts';
import type { Restaurant } from '../../state/records/restaurants.ts';
import type { Stores } from '../../state/records/stores.ts';

export type FiguresStores = Pick<Stores, 'analytics' | 'orderHistory'>;

/** How many days are looked up at once. */
const batch = 31;

/** A restaurant's changed quarters of an hour by the date they belong to, earliest date first. */
export function changedDates(
  { timeZone }: Restaurant,
  { quarters }: OrderChanges,
): ReadonlyMap<string, readonly ChangedQuarter[]> {
  const dates = new Map<string, ChangedQuarter[]>();
  for (const quarter of quarters) {
    const date = dateAt(quarter.from, timeZone);
    const known = dates.get(date);
    if (known === undefined) dates.set(date, [quarter]);
    else known.push(quarter);
  }
  return dates;
}

/**
 * Calculates a restaurant's day from its orders. A day that is over is kept, and its changes are settled; the same
 * orders always give the same figures, so doing it again changes nothing.
 *
 * @param changes read before, so that the figures are up to date with at least these
 * @param today the date in the restaurant
 */
export async function calculateDay(
  { analytics, orderHistory }: FiguresStores,
  { restaurantId, timeZone }: Restaurant,
  date: string,
  today: string,
  revision: number,
  changed: readonly ChangedQuarter[] = [],
): Promise<DailyFigures> {
  const { from, until } = localDay(date, timeZone);
  const counted = await orderHistory.figuresBetween(restaurantId, from, until, timeZone);
  const figures: DailyFigures = { restaurantId, date, timeZone, revision, ...counted };
  if (date < today) {
    await analytics.save(figures);
    // Only now: a crash before this leads to the same day being calculated once more.
    await orderHistory.settle(restaurantId, changed);
  }
  return figures;
}

/**
 * The figures of a restaurant's days up to today, in the order of the dates: those that are kept, and newly calculated
 * ones where there are none, where an order has changed since, and for the day that is not over.
 */
export async function* figuresOf(
  stores: FiguresStores,
  restaurant: Restaurant,
  dates: readonly string[],
  now: Date,
): AsyncGenerator<DailyFigures, void, undefined> {
  const today = dateAt(now, restaurant.timeZone);
  const changes = await stores.orderHistory.changesOf(restaurant.restaurantId);
  const changed = changedDates(restaurant, changes);
  const upToToday = dates.filter((date) => date <= today);
  for (let first = 0; first < upToToday.length; first += batch) {
    const some = upToToday.slice(first, first + batch);
    const kept = new Map(
      (await stores.analytics.find(restaurant.restaurantId, some)).map((figures) => [figures.date, figures]),
    );
    for (const date of some) {
      const known = kept.get(date);
      if (known !== undefined && known.timeZone === restaurant.timeZone && !changed.has(date)) yield known;
      else yield await calculateDay(stores, restaurant, date, today, changes.revision, changed.get(date));
    }
  }
}
