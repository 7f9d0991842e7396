import type { DailyFigures, DishSales } from '../../state/records/analytics.ts';
import { mostSoldFirst } from '../../state/records/day-tally.ts';
import type { Restaurant } from '../../state/records/restaurants.ts';

/** One row of the table by day; amounts in the report's currency, in minor units. */
export interface ReportDay {
  readonly date: string;
  readonly sold: number;
  readonly cancelled: number;
  readonly items: number;
  readonly delivered: number;
  /** Median from placing to delivery, in seconds. */
  readonly deliverySeconds: number | null;
  readonly amountMinor: number;
  /** Paid orders in the report's currency. */
  readonly paid: number;
}

export interface OtherSales {
  readonly currency: string;
  readonly orders: number;
  readonly amountMinor: number;
}

/** All that a sales report shows. */
export interface ReportData {
  readonly restaurant: Pick<Restaurant, 'restaurantId' | 'name' | 'timeZone' | 'location'>;
  readonly from: string;
  readonly to: string;
  /** The currency of most orders; undefined where nothing was sold. */
  readonly currency: string | undefined;
  readonly days: readonly ReportDay[];
  readonly totals: Omit<ReportDay, 'date'>;
  /** The time in which 95 % of the deliveries arrived, in seconds. */
  readonly deliverySeconds95: number | null;
  readonly soldByHour: readonly number[];
  readonly amountMinorByHour: readonly number[];
  /** Most sold first, in the report's currency. */
  readonly dishes: readonly DishSales[];
  /** What was sold in other currencies, which no total includes. */
  readonly other: readonly OtherSales[];
}

/** Adds up the days of a report; it holds a row for each day and a line for each dish, never an order. */
export class ReportTally {
  readonly #days: DailyFigures[] = [];
  readonly #dishes = new Map<string, DishSales>();
  readonly #minutes = new Map<number, number>();

  add(figures: DailyFigures): void {
    for (const dish of figures.dishes) {
      const key = `${dish.menuItemId} ${dish.currency}`;
      const known = this.#dishes.get(key);
      this.#dishes.set(key, {
        ...dish,
        quantity: dish.quantity + (known?.quantity ?? 0),
        amountMinor: dish.amountMinor + (known?.amountMinor ?? 0),
      });
    }
    for (const [minutes, orders] of figures.deliveryMinutes) {
      this.#minutes.set(minutes, (this.#minutes.get(minutes) ?? 0) + orders);
    }
    // The dishes are added up already, and are most of a day.
    this.#days.push({ ...figures, dishes: [] });
  }

  data(
    restaurant: ReportData['restaurant'],
    period: { readonly from: string; readonly to: string },
  ): ReportData {
    const byCurrency = this.#byCurrency();
    const [main, ...other] = byCurrency;
    const days = this.#days.map((figures) => rowOf(figures, main?.currency));
    const sum = (of: (day: ReportDay) => number) => days.reduce((total, day) => total + of(day), 0);
    return {
      restaurant,
      ...period,
      currency: main?.currency,
      days,
      totals: {
        sold: sum((day) => day.sold),
        cancelled: sum((day) => day.cancelled),
        items: sum((day) => day.items),
        delivered: sum((day) => day.delivered),
        deliverySeconds: this.#deliverySeconds(0.5),
        amountMinor: sum((day) => day.amountMinor),
        paid: sum((day) => day.paid),
      },
      deliverySeconds95: this.#deliverySeconds(0.95),
      soldByHour: sumByHour(this.#days.map(({ soldByHour }) => soldByHour)),
      amountMinorByHour: sumByHour(
        this.#days.flatMap(({ sales }) =>
          sales.filter(({ currency }) => currency === main?.currency).map((each) => each.amountMinorByHour),
        ),
      ),
      dishes: [...this.#dishes.values()]
        .filter((dish) => dish.currency === main?.currency)
        .sort(mostSoldFirst),
      other,
    };
  }

  #byCurrency(): readonly OtherSales[] {
    const totals = new Map<string, OtherSales>();
    for (const { currency, orders, amountMinor } of this.#days.flatMap(({ sales }) => sales)) {
      const known = totals.get(currency) ?? { currency, orders: 0, amountMinor: 0 };
      totals.set(currency, {
        currency,
        orders: known.orders + orders,
        amountMinor: known.amountMinor + amountMinor,
      });
    }
    return [...totals.values()].sort((a, b) => b.orders - a.orders || (a.currency < b.currency ? -1 : 1));
  }

  /** To the minute, which is as fine as the days are kept. */
  #deliverySeconds(share: number): number | null {
    const ascending = [...this.#minutes].sort(([a], [b]) => a - b);
    const delivered = ascending.reduce((sum, [, orders]) => sum + orders, 0);
    let seen = 0;
    for (const [minutes, orders] of ascending) {
      seen += orders;
      if (seen >= delivered * share) return minutes * 60 + 30;
    }
    return null;
  }
}

function rowOf(figures: DailyFigures, currency: string | undefined): ReportDay {
  const { date, sold, cancelled, items, delivered } = figures;
  const sales = figures.sales.find((each) => each.currency === currency);
  return {
    ...{ date, sold, cancelled, items, delivered },
    deliverySeconds: figures.deliverySeconds?.p50 ?? null,
    amountMinor: sales?.amountMinor ?? 0,
    paid: sales?.orders ?? 0,
  };
}

function sumByHour(days: readonly (readonly number[])[]): readonly number[] {
  return Array.from({ length: 24 }, (_, hour) => days.reduce((sum, day) => sum + (day[hour] ?? 0), 0));
}
