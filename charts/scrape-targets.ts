import type { Platform } from '../workers/platform/platform.ts';
import type { Profile } from './profile.ts';
import { rabbitmqPorts, redisExporterPort, servicesOf } from './providers.ts';

/** One page of metrics. */
export interface MetricsPage {
  readonly path: string;
  readonly params?: Readonly<Record<string, readonly string[]>>;
}

/** A workload that Prometheus asks for metrics; its Service has the same name. */
export interface ScrapeTarget {
  /** What is watched; the ServiceMonitor is named after it. */
  readonly name: string;
  readonly workload: string;
  readonly port: { readonly name: string; readonly number: number };
  readonly pages: readonly MetricsPage[];
}

const metrics: MetricsPage = { path: '/metrics' };

/** RabbitMQ sums its queues up unless it is asked for each of them (its documentation, "Monitoring with Prometheus"). */
const eachQueue: MetricsPage = {
  path: '/metrics/detailed',
  params: { family: ['queue_coarse_metrics', 'queue_consumer_count'] },
};

/** Everything that is watched: Redis, RabbitMQ where it is in the cluster, and every service. */
export function scrapeTargetsOf(platform: Platform, profile: Profile): readonly ScrapeTarget[] {
  const exporter = { name: 'metrics', number: redisExporterPort };
  const broker = { name: 'prometheus', number: rabbitmqPorts.prometheus };
  return [
    { name: 'redis', workload: 'redis-exporter', port: exporter, pages: [metrics] },
    ...(profile.outside.rabbitmq === undefined
      ? [{ name: 'rabbitmq', workload: 'rabbitmq', port: broker, pages: [metrics, eachQueue] }]
      : []),
    ...servicesOf(platform, profile).map(([workload, { port }]) => ({
      name: workload,
      workload,
      port: { name: 'http', number: port },
      pages: [metrics],
    })),
  ];
}
