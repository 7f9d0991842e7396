import { isFinal, type OrderStatus } from '../../workers/platform/order.ts';
import type { OrderOutcome } from '../accounting/accounts.ts';

/** Keeps what the customers see of their orders. */
export class Tally {
  readonly #orders = new Map<
    string,
    {
      restaurantId: string;
      placedAt: number;
      status: OrderOutcome['status'];
      tookMs: number | undefined;
    }
  >();
  #changedAt = Date.now();

  /** @param placedAt when the customer sent the order, in milliseconds of the monotonic clock */
  placed(orderId: string, restaurantId: string, placedAt: number): void {
    this.#orders.set(orderId, { restaurantId, placedAt, status: 'accepted', tookMs: undefined });
    this.#changedAt = Date.now();
  }

  changed(orderId: string, status: OrderStatus): void {
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    order.status = status;
    if (isFinal(status)) order.tookMs ??= performance.now() - order.placedAt;
    this.#changedAt = Date.now();
  }

  get outcomes(): readonly OrderOutcome[] {
    return [...this.#orders].map(([orderId, { status, tookMs }]) => ({ orderId, status, tookMs }));
  }

  /** An order that was delivered, and by which restaurant. */
  get delivered(): { readonly orderId: string; readonly restaurantId: string } | undefined {
    const [found] = [...this.#orders].filter(([, { status }]) => status === 'delivered');
    return found && { orderId: found[0], restaurantId: found[1].restaurantId };
  }

  get placedCount(): number {
    return this.#orders.size;
  }

  get finishedCount(): number {
    return [...this.#orders.values()].filter(({ tookMs }) => tookMs !== undefined).length;
  }

  /** How long no order has changed, in milliseconds. */
  get quietMs(): number {
    return Date.now() - this.#changedAt;
  }
}
