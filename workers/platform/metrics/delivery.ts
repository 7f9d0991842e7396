import type { MetricDeclarations } from './declaration.ts';

const exposedBy = ['delivery-service'];

/** How orders come to their customers. */
export const deliveryMetrics = {
  delivery_time_seconds: {
    type: 'histogram',
    help: 'Time from placing an order to its delivery',
    labels: [],
    buckets: [1, 2, 5, 10, 30, 60, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200],
    exposedBy,
  },
  deliveries_active: {
    type: 'gauge',
    help: 'Orders on their way: a driver is assigned, or has picked them up',
    labels: ['stage'],
    exposedBy,
  },
  deliveries_by_zone_total: {
    type: 'counter',
    help: 'Orders delivered, by the cell of the map (geohash of six characters, about a kilometre wide); other beyond 200 cells',
    labels: ['zone'],
    exposedBy,
  },
  drivers: {
    type: 'gauge',
    help: 'Drivers on duty: free to be assigned, or busy with an order',
    labels: ['state'],
    exposedBy,
  },
} as const satisfies MetricDeclarations;
