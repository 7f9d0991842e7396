import { PlatformError } from '../../platform/errors.ts';
import type { DailyFigures } from '../../state/records/analytics.ts';
import { addDays, dateAt } from '../../state/records/local-day.ts';
import type { Stores } from '../../state/records/stores.ts';
import { type Comparison, compare } from './comparison.ts';
import { calculateDay, changedDates } from './daily-figures.ts';

export interface AnalyticsDeps {
  readonly stores: Pick<Stores, 'analytics' | 'orderHistory' | 'restaurants'>;
  readonly now: () => Date;
}

/** A restaurant's day as the task returns it. Amounts are in minor units, times in seconds. */
export type RestaurantAnalytics = {
  readonly restaurantId: string;
  /** The restaurant's last day that is over, in its time zone. */
  readonly date: string;
  readonly timeZone: string;
  readonly orders: number;
  readonly sold: number;
  readonly delivered: number;
  readonly cancelled: number;
  readonly items: number;
  readonly sales: readonly {
    readonly currency: string;
    readonly orders: number;
    readonly amountMinor: number;
    readonly averageBasketMinor: number;
  }[];
  readonly deliverySeconds: { readonly p50: number; readonly p95: number } | null;
  /** The busiest hours as clocks in the restaurant show them, busiest first. */
  readonly peakHours: readonly { readonly hour: number; readonly orders: number }[];
  readonly comparedWithLastWeek: Comparison;
  /** Earlier days that were calculated again since their orders had changed. */
  readonly corrected: readonly string[];
};

const peaksShown = 3;

/**
 * Calculates the figures of a restaurant's last day that is over, and again those of earlier days whose orders have
 * changed since. The cost is that of the orders of these days, however long the history is.
 *
 * @throws PlatformError RESTAURANT_UNKNOWN
 */
export async function calculateRestaurantAnalytics(
  { stores, now }: AnalyticsDeps,
  restaurantId: string,
  signal?: AbortSignal,
): Promise<RestaurantAnalytics> {
  const restaurant = await stores.restaurants.find(restaurantId);
  if (restaurant === undefined) {
    throw new PlatformError('RESTAURANT_UNKNOWN', `There is no restaurant ${restaurantId}.`);
  }
  const today = dateAt(now(), restaurant.timeZone);
  const date = addDays(today, -1);
  const changes = await stores.orderHistory.changesOf(restaurantId);
  const changed = changedDates(restaurant, changes);
  const corrected = [...changed.keys()].filter((each) => each < date);
  for (const each of corrected) {
    signal?.throwIfAborted();
    await calculateDay(stores, restaurant, each, today, changes.revision, changed.get(each));
  }
  const figures = await calculateDay(stores, restaurant, date, today, changes.revision, changed.get(date));
  const [lastWeek] = await stores.analytics.find(restaurantId, [addDays(date, -7)]);
  return { ...resultOf(figures, lastWeek), corrected };
}

function resultOf(
  figures: DailyFigures,
  lastWeek: DailyFigures | undefined,
): Omit<RestaurantAnalytics, 'corrected'> {
  const { restaurantId, date, timeZone, orders, sold, delivered, cancelled, items, deliverySeconds } =
    figures;
  return {
    restaurantId,
    date,
    timeZone,
    orders,
    sold,
    delivered,
    cancelled,
    items,
    sales: figures.sales.map(({ currency, orders: paid, amountMinor }) => ({
      currency,
      orders: paid,
      amountMinor,
      averageBasketMinor: Math.round(amountMinor / paid),
    })),
    deliverySeconds,
    peakHours: peakHours(figures.soldByHour),
    comparedWithLastWeek: compare(figures, lastWeek),
  };
}

function peakHours(soldByHour: readonly number[]): RestaurantAnalytics['peakHours'] {
  return soldByHour
    .map((orders, hour) => ({ hour, orders }))
    .filter(({ orders }) => orders > 0)
    .sort((a, b) => b.orders - a.orders || a.hour - b.hour)
    .slice(0, peaksShown);
}
