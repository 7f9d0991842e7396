import type { MetricDeclarations } from './declaration.ts';

/** How the connection to Redis is. */
export const stateMetrics = {
  redis_connected: {
    type: 'gauge',
    help: '1 while Redis answers this process',
    labels: [],
    exposedBy: [],
  },
  redis_round_trip_seconds: {
    type: 'gauge',
    help: 'Time Redis took to answer this process, asked at each scrape',
    labels: [],
    exposedBy: [],
  },
} as const satisfies MetricDeclarations;
