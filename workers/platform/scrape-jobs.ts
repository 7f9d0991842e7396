import type { Platform } from './platform.ts';

/** How often every target is asked, in seconds. */
export const scrapeIntervalSeconds = 15;

/** How long a target may take to answer, in seconds. */
export const scrapeTimeoutSeconds = 10;

/** Ports on which what is not ours tells of itself, unless a machine has them taken. */
export const metricsPorts = {
  redisExporter: 9121,
  rabbitmq: 15_692,
  nodeExporter: 9100,
  kubelet: 10_250,
} as const;

/** One page of metrics. */
export interface MetricsPage {
  readonly path: string;
  readonly params?: Readonly<Record<string, readonly string[]>>;
}

/** Something that Prometheus asks for metrics; its samples carry the name as their label `job`. */
export interface ScrapeJob {
  readonly name: string;
  readonly port: number;
  readonly pages: readonly MetricsPage[];
  /** The service whose processes it asks, where they are ours. */
  readonly service?: string;
  /** Present where there is one in a cluster alone. */
  readonly only?: 'cluster';
}

const metrics: MetricsPage = { path: '/metrics' };

/** RabbitMQ sums its queues up unless it is asked for each of them (its documentation, "Monitoring with Prometheus"). */
const eachQueue: MetricsPage = {
  path: '/metrics/detailed',
  params: { family: ['queue_coarse_metrics', 'queue_consumer_count'] },
};

/** Everything that is watched, on one machine and in a cluster. */
export function scrapeJobsOf({ services }: Pick<Platform, 'services'>): readonly ScrapeJob[] {
  return [
    ...Object.entries(services).map(([name, { port }]) => ({ name, port, pages: [metrics], service: name })),
    { name: 'redis-exporter', port: metricsPorts.redisExporter, pages: [metrics] },
    { name: 'rabbitmq', port: metricsPorts.rabbitmq, pages: [metrics, eachQueue] },
    { name: 'node-exporter', port: metricsPorts.nodeExporter, pages: [metrics] },
    // Of all that a kubelet tells, the volumes of its pods.
    { name: 'kubelet', port: metricsPorts.kubelet, pages: [metrics], only: 'cluster' },
  ];
}

/** What is watched on one machine. */
export function machineScrapeJobsOf(platform: Pick<Platform, 'services'>): readonly ScrapeJob[] {
  return scrapeJobsOf(platform).filter(({ only }) => only === undefined);
}

/** Tells the pages of one job apart, so that their `up` is not one series. */
export function pageName({ path }: MetricsPage): string {
  return path.split('/').filter(Boolean).join('-');
}
