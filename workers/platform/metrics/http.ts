import type { MetricDeclarations } from './declaration.ts';

const labels = ['method', 'route', 'status'] as const;

/** What every HTTP server of ours tells of its requests. */
export const httpMetrics = {
  http_requests_total: { type: 'counter', help: 'HTTP requests answered', labels },
  http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from request to answer',
    labels,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
  },
} as const satisfies MetricDeclarations;
