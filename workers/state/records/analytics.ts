import { z } from 'zod';
import { Identifier } from '../../platform/order.ts';

const count = z.int().min(0);
const currency = z.string().regex(/^[A-Z]{3}$/);

/** One number for each hour of the day, as clocks in the restaurant show it. */
const ByHour = z.array(count).length(24);

/** What was sold in one currency. */
export const Sales = z.strictObject({
  currency,
  /** Orders that were paid. */
  orders: count,
  /** In minor units. */
  amountMinor: count,
  amountMinorByHour: ByHour,
});
export type Sales = z.infer<typeof Sales>;

/** How often a dish was sold, in orders that were paid. */
export const DishSales = z.strictObject({
  menuItemId: Identifier,
  name: z.string(),
  quantity: count,
  currency,
  /** In minor units. */
  amountMinor: count,
});
export type DishSales = z.infer<typeof DishSales>;

/** What the orders of a time come to, by when they were placed. */
export const OrderFigures = z.strictObject({
  /** Orders placed. */
  orders: count,
  /** Orders that were paid. */
  sold: count,
  delivered: count,
  /** Orders that ended without a delivery. */
  cancelled: count,
  /** Dishes in paid orders. */
  items: count,
  /** One entry for each currency, by code. */
  sales: z.array(Sales),
  soldByHour: ByHour,
  /** The most sold dishes, most sold first. */
  dishes: z.array(DishSales),
  /** From placing to delivery: how many orders took so many whole minutes. */
  deliveryMinutes: z.array(z.tuple([count, count])),
  /** From placing to delivery, in seconds; null where nothing was delivered. */
  deliverySeconds: z.strictObject({ p50: z.number(), p95: z.number() }).nullable(),
});
export type OrderFigures = z.infer<typeof OrderFigures>;

/** A restaurant's day, from midnight to midnight in its time zone. */
export const DailyFigures = OrderFigures.extend({
  restaurantId: Identifier,
  date: z.iso.date(),
  timeZone: z.string(),
  /** The change of the order history that the figures are up to date with. */
  revision: count,
});
export type DailyFigures = z.infer<typeof DailyFigures>;

/** The day of all restaurants together. */
export const DailySummary = z.strictObject({
  date: z.iso.date(),
  restaurants: count,
  orders: count,
  sold: count,
  delivered: count,
  cancelled: count,
  items: count,
  sales: z.array(z.strictObject({ currency, orders: count, amountMinor: count })),
});
export type DailySummary = z.infer<typeof DailySummary>;

export interface AnalyticsStore {
  /**
   * Keeps the figures of a day in place of earlier ones.
   * @returns false where the stored ones are up to date with a later change; they stay
   */
  save(figures: DailyFigures): Promise<boolean>;
  /** The figures of those of the dates that have some, in the order of the dates. */
  find(restaurantId: string, dates: readonly string[]): Promise<readonly DailyFigures[]>;
  saveSummary(summary: DailySummary): Promise<void>;
  findSummary(date: string): Promise<DailySummary | undefined>;
}
