import { isFinal } from '../../platform/order.ts';
import type { DailyFigures, DishSales, Sales } from '../../state/records/analytics.ts';
import { deliverySeconds } from '../../state/records/delivery-time.ts';
import type { OrderRecord } from '../../state/records/orders.ts';
import { hourAt } from './local-day.ts';
import { quantile } from './quantile.ts';

/** Dishes that the figures of a day list; few menus are as long. */
const dishesKept = 200;
const longestMinutes = 24 * 60;

type Growing<T> = { -readonly [Key in keyof T]: T[Key] };

/** Counts the orders of one day, one after the other; what it holds grows with the menu and not with the orders' size. */
export class DayTally {
  readonly #timeZone: string;
  readonly #counts = { orders: 0, sold: 0, delivered: 0, cancelled: 0, items: 0 };
  readonly #sales = new Map<string, Growing<Omit<Sales, 'amountMinorByHour'>> & { byHour: number[] }>();
  readonly #soldByHour = byHour();
  readonly #dishes = new Map<string, Growing<DishSales>>();
  readonly #seconds: number[] = [];

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  add(order: OrderRecord): void {
    const counts = this.#counts;
    counts.orders += 1;
    if (order.history.some(({ status }) => status === 'paid')) this.#sell(order);
    const seconds = deliverySeconds(order);
    if (seconds !== undefined) {
      counts.delivered += 1;
      this.#seconds.push(seconds);
    } else if (isFinal(order.status)) counts.cancelled += 1;
  }

  /** @param revision the change of the order history that was known before the orders were read */
  figures(restaurantId: string, date: string, revision: number): DailyFigures {
    const seconds = this.#seconds.sort((a, b) => a - b);
    const [p50, p95] = [quantile(seconds, 0.5), quantile(seconds, 0.95)];
    return {
      restaurantId,
      date,
      timeZone: this.#timeZone,
      revision,
      ...this.#counts,
      sales: [...this.#sales.values()]
        .sort((a, b) => (a.currency < b.currency ? -1 : 1))
        .map(({ byHour: amountMinorByHour, ...sales }) => ({ ...sales, amountMinorByHour })),
      soldByHour: this.#soldByHour,
      dishes: [...this.#dishes.values()].sort(mostSoldFirst).slice(0, dishesKept),
      deliveryMinutes: histogram(seconds),
      deliverySeconds: p50 === null || p95 === null ? null : { p50, p95 },
    };
  }

  #sell({ items, total, placedAt }: OrderRecord): void {
    const hour = hourAt(new Date(placedAt), this.#timeZone);
    this.#counts.sold += 1;
    increase(this.#soldByHour, hour, 1);
    const { currency } = total;
    const sales = this.#sales.get(currency) ?? { currency, orders: 0, amountMinor: 0, byHour: byHour() };
    this.#sales.set(currency, sales);
    sales.orders += 1;
    sales.amountMinor += total.amountMinor;
    increase(sales.byHour, hour, total.amountMinor);
    for (const { menuItemId, name, quantity, unitPrice } of items) {
      this.#counts.items += quantity;
      const key = `${menuItemId} ${unitPrice.currency}`;
      const dish = this.#dishes.get(key) ?? {
        menuItemId,
        name,
        quantity: 0,
        currency: unitPrice.currency,
        amountMinor: 0,
      };
      this.#dishes.set(key, dish);
      // A dish that was renamed during the day goes by its last name.
      dish.name = name;
      dish.quantity += quantity;
      dish.amountMinor += quantity * unitPrice.amountMinor;
    }
  }
}

/** For sorting dishes: by quantity, then by amount, then by id, so that the order never depends on chance. */
export function mostSoldFirst(a: DishSales, b: DishSales): number {
  return b.quantity - a.quantity || b.amountMinor - a.amountMinor || (a.menuItemId < b.menuItemId ? -1 : 1);
}

function histogram(seconds: readonly number[]): [minutes: number, orders: number][] {
  const counts = new Map<number, number>();
  for (const each of seconds) {
    const minutes = Math.min(Math.floor(each / 60), longestMinutes);
    counts.set(minutes, (counts.get(minutes) ?? 0) + 1);
  }
  return [...counts];
}

function byHour(): number[] {
  return Array.from({ length: 24 }, () => 0);
}

function increase(numbers: number[], index: number, by: number): void {
  numbers[index] = (numbers[index] ?? 0) + by;
}
