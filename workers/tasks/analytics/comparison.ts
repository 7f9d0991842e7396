import type { DailyFigures } from '../../state/records/analytics.ts';

/** How a day differs from the same weekday of the week before; 0.25 is a quarter more. */
export type Comparison = {
  /** Null where there are no figures of that day, or where it had no orders. */
  readonly orders: number | null;
  /** For each currency of the day; null where that day sold nothing in it. */
  readonly sales: readonly { readonly currency: string; readonly amount: number | null }[];
};

/** Compares a day with the same weekday of the week before. */
export function compare(day: DailyFigures, weekBefore: DailyFigures | undefined): Comparison {
  return {
    orders: change(weekBefore?.orders, day.orders),
    sales: day.sales.map(({ currency, amountMinor }) => ({
      currency,
      amount: change(
        weekBefore?.sales.find((sales) => sales.currency === currency)?.amountMinor,
        amountMinor,
      ),
    })),
  };
}

/** The relative change, to four digits; null where there is nothing to compare with. */
export function change(before: number | undefined, now: number): number | null {
  return before === undefined || before === 0
    ? null
    : Math.round(((now - before) / before) * 10_000) / 10_000;
}
