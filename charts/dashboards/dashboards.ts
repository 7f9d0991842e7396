import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { queuesAndOrders } from './queues-and-orders.ts';

/** Every dashboard that Grafana shows, by the name of its file; the first is what people see first. */
export const dashboards: Readonly<Record<string, () => Dashboard>> = {
  'queues-and-orders': queuesAndOrders,
};
