import { type OrderStatus, orderTransitions } from '../../platform/order.ts';

/** Whether an order in status `from` can come to status `to` by one or more changes. */
export function leadsTo(from: OrderStatus, to: OrderStatus): boolean {
  const next: readonly OrderStatus[] = orderTransitions[from];
  return next.some((status) => status === to || leadsTo(status, to));
}
