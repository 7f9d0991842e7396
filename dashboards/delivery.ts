import type { DashboardDeclaration } from './declaration.ts';

const deliverySeconds = (quantile: number) =>
  `histogram_quantile(${quantile}, sum by (le) (rate(delivery_time_seconds_bucket[1h])))`;

/** How orders come to their customers. */
export const delivery: DashboardDeclaration = {
  name: 'delivery',
  title: 'Delivery',
  description: 'Deliveries under way, how long they take, who drives, and where to',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'number',
          title: 'Active deliveries',
          description: 'Orders with a driver that are not delivered yet',
          unit: 'short',
          // Every pod tells the same number.
          queries: { deliveries: 'sum(max by (stage) (deliveries_active))' },
        },
        {
          kind: 'number',
          title: 'Average delivery time',
          description: 'Time from placing an order to its delivery, on average over an hour',
          unit: 's',
          queries: {
            average: 'sum(rate(delivery_time_seconds_sum[1h])) / sum(rate(delivery_time_seconds_count[1h]))',
          },
        },
        {
          kind: 'number',
          title: 'Drivers that are free',
          description: 'Part of the drivers on duty that can be assigned now',
          unit: 'percentunit',
          queries: { free: 'max(drivers{state="free"}) / sum(max by (state) (drivers))' },
          limit: { value: 0.1, bad: 'below' },
        },
        {
          kind: 'number',
          title: 'Orders that wait for a driver',
          description: 'Confirmed orders without a driver',
          unit: 'short',
          queries: { orders: 'max(orders_by_status{status="confirmed"})' },
          limit: { value: 20, bad: 'above' },
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          kind: 'lines',
          title: 'Active deliveries by stage',
          description: 'Orders whose driver is on the way to the restaurant, and to the customer',
          unit: 'short',
          queries: { '{{stage}}': 'max by (stage) (deliveries_active)' },
        },
        {
          kind: 'lines',
          title: 'Delivery times',
          description: 'Time from placing an order to its delivery: average, median and 95th percentile',
          unit: 's',
          queries: {
            average: 'sum(rate(delivery_time_seconds_sum[1h])) / sum(rate(delivery_time_seconds_count[1h]))',
            median: deliverySeconds(0.5),
            '95%': deliverySeconds(0.95),
          },
        },
        {
          kind: 'lines',
          title: 'Driver availability',
          description: 'Drivers on duty: free, or busy with an order',
          unit: 'short',
          queries: { '{{state}}': 'max by (state) (drivers)' },
        },
        {
          kind: 'heatmap',
          title: 'Spread of the delivery times',
          description: 'Deliveries by how long they took',
          unit: 's',
          queries: { '{{le}}': 'sum by (le) (increase(delivery_time_seconds_bucket[5m]))' },
        },
      ],
    },
    {
      title: 'Zones',
      panels: [
        {
          kind: 'map',
          title: 'Delivery zones',
          description: 'Orders delivered within a day, by cell of the map (about a kilometre wide)',
          unit: 'short',
          queries: { '{{zone}}': 'sum by (zone) (increase(deliveries_by_zone_total{zone!="other"}[1d]))' },
        },
        {
          kind: 'heatmap',
          title: 'Deliveries by zone',
          description: 'Orders delivered within five minutes, by cell of the map',
          unit: 'short',
          queries: { '{{zone}}': 'sum by (zone) (increase(deliveries_by_zone_total[5m]))' },
        },
      ],
    },
  ],
};
