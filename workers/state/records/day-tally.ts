import { isFinal, type OrderItem, type OrderStatus } from '../../platform/order.ts';
import type { DishSales, OrderFigures, Sales } from './analytics.ts';
import { deliverySeconds } from './delivery-time.ts';
import { hourAt } from './local-day.ts';
import type { OrderRecord } from './orders.ts';
import { quantile } from './quantile.ts';

/** Dishes that the figures of a day list; few menus are as long. */
const dishesKept = 200;
const longestMinutes = 24 * 60;

type Growing<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Adds up the orders of one day, one by one or in the groups that a database has counted already. What it holds grows
 * with the menu and with one number for each delivery, not with the orders' size.
 */
export class DayTally {
  readonly #timeZone: string;
  readonly #counts = { orders: 0, sold: 0, delivered: 0, cancelled: 0, items: 0 };
  readonly #sales = new Map<string, Growing<Omit<Sales, 'amountMinorByHour'>> & { byHour: number[] }>();
  readonly #soldByHour = byHour();
  readonly #dishes = new Map<string, Growing<DishSales>>();
  readonly #seconds: number[] = [];

  /** @param timeZone whose clocks say what hour it is */
  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** Adds an order with all that became of it. */
  add(order: OrderRecord): void {
    this.addPlaced(order.status, 1);
    if (order.history.some(({ status }) => status === 'paid')) {
      const { total } = order;
      this.addSold(new Date(order.placedAt), { ...total, orders: 1 });
      for (const item of order.items) this.addDish(salesOf(item));
    }
    const seconds = deliverySeconds(order);
    if (seconds !== undefined) this.addDeliveries(seconds, 1);
  }

  /** Adds orders that are in a status now. */
  addPlaced(status: OrderStatus, orders: number): void {
    this.#counts.orders += orders;
    if (isFinal(status) && status !== 'delivered') this.#counts.cancelled += orders;
  }

  /** Adds paid orders of one currency that were placed within the same hour. */
  addSold(placedAt: Date, { currency, orders, amountMinor }: Omit<Sales, 'amountMinorByHour'>): void {
    const hour = hourAt(placedAt, this.#timeZone);
    this.#counts.sold += orders;
    increase(this.#soldByHour, hour, orders);
    const sales = this.#sales.get(currency) ?? { currency, orders: 0, amountMinor: 0, byHour: byHour() };
    this.#sales.set(currency, sales);
    sales.orders += orders;
    sales.amountMinor += amountMinor;
    increase(sales.byHour, hour, amountMinor);
  }

  /** Adds what was sold of a dish. One that was renamed during the day goes by the name added last. */
  addDish({ menuItemId, name, currency, quantity, amountMinor }: DishSales): void {
    this.#counts.items += quantity;
    const key = `${menuItemId} ${currency}`;
    const dish = this.#dishes.get(key) ?? { menuItemId, name, quantity: 0, currency, amountMinor: 0 };
    this.#dishes.set(key, dish);
    dish.name = name;
    dish.quantity += quantity;
    dish.amountMinor += amountMinor;
  }

  /** Adds orders that were delivered so many seconds after they were placed. */
  addDeliveries(seconds: number, orders: number): void {
    this.#counts.delivered += orders;
    for (let each = 0; each < orders; each++) this.#seconds.push(seconds);
  }

  figures(): OrderFigures {
    const seconds = this.#seconds.sort((a, b) => a - b);
    const [p50, p95] = [quantile(seconds, 0.5), quantile(seconds, 0.95)];
    return {
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
}

/** What an item of an order adds to the sales of its dish. */
export function salesOf({ menuItemId, name, quantity, unitPrice }: OrderItem): DishSales {
  const { currency } = unitPrice;
  return { menuItemId, name, quantity, currency, amountMinor: quantity * unitPrice.amountMinor };
}

/**
 * For sorting dishes: by quantity, then by amount, then by id and currency, so that the order never depends on chance.
 */
export function mostSoldFirst(a: DishSales, b: DishSales): number {
  return (
    b.quantity - a.quantity ||
    b.amountMinor - a.amountMinor ||
    (`${a.menuItemId} ${a.currency}` < `${b.menuItemId} ${b.currency}` ? -1 : 1)
  );
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
