import { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import type { AnalyticsStore, DailySummary } from '../../state/records/analytics.ts';

/** What the summary reads of the result of each restaurant. */
const Part = z.object({
  date: z.iso.date(),
  orders: z.int(),
  sold: z.int(),
  delivered: z.int(),
  cancelled: z.int(),
  items: z.int(),
  sales: z.array(z.object({ currency: z.string(), orders: z.int(), amountMinor: z.int() })),
});
type Part = z.infer<typeof Part>;

/** Totals by date: restaurants around the world finish a day at different times. */
export type Summaries = { readonly days: readonly DailySummary[] };

/**
 * Sums up the results of the restaurants and keeps the totals of each day.
 * @throws PlatformError MESSAGE_SCHEMA_INVALID where one of them is no result of `calculate_restaurant_analytics`
 */
export async function summarizeAnalytics(
  analytics: Pick<AnalyticsStore, 'saveSummary'>,
  results: readonly unknown[],
): Promise<Summaries> {
  const days = new Map<string, DailySummary>();
  for (const [position, result] of results.entries()) {
    const part = Part.safeParse(result);
    if (!part.success) {
      const message = `results.${position} is no result of calculate_restaurant_analytics: ${z.prettifyError(part.error)}`;
      throw new PlatformError('MESSAGE_SCHEMA_INVALID', message);
    }
    const { date } = part.data;
    days.set(date, plus(days.get(date) ?? nothing(date), part.data));
  }
  const sorted = [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  for (const summary of sorted) await analytics.saveSummary(summary);
  return { days: sorted };
}

function nothing(date: string): DailySummary {
  return { date, restaurants: 0, orders: 0, sold: 0, delivered: 0, cancelled: 0, items: 0, sales: [] };
}

function plus(total: DailySummary, part: Part): DailySummary {
  return {
    date: total.date,
    restaurants: total.restaurants + 1,
    orders: total.orders + part.orders,
    sold: total.sold + part.sold,
    delivered: total.delivered + part.delivered,
    cancelled: total.cancelled + part.cancelled,
    items: total.items + part.items,
    sales: part.sales.reduce(plusSales, total.sales),
  };
}

type Totals = DailySummary['sales'];

function plusSales(totals: Totals, { currency, orders, amountMinor }: Totals[number]): Totals {
  const known = totals.find((each) => each.currency === currency);
  if (known === undefined) {
    return [...totals, { currency, orders, amountMinor }].sort((a, b) => (a.currency < b.currency ? -1 : 1));
  }
  const sum = { currency, orders: known.orders + orders, amountMinor: known.amountMinor + amountMinor };
  return totals.map((each) => (each === known ? sum : each));
}
