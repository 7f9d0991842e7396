import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type MetricDeclaration, type MetricLabels, type MetricName, metrics } from '../platform/metrics.ts';

type NamesOfType<Type extends MetricDeclaration['type']> = {
  [Name in MetricName]: (typeof metrics)[Name]['type'] extends Type ? Name : never;
}[MetricName];

/** The declared metrics of one process; a wrong name or a missing label does not compile. */
export interface Metrics {
  /** Adds to a counter. @default by 1 */
  count<Name extends NamesOfType<'counter'>>(name: Name, labels: MetricLabels<Name>, by?: number): void;
  /** Sets a gauge. */
  set<Name extends NamesOfType<'gauge'>>(name: Name, labels: MetricLabels<Name>, value: number): void;
  /** Adds to a gauge, which may go down: `by` can be negative. */
  add<Name extends NamesOfType<'gauge'>>(name: Name, labels: MetricLabels<Name>, by: number): void;
  /** Records one observation in a histogram, in the unit its name ends with. */
  observe<Name extends NamesOfType<'histogram'>>(name: Name, labels: MetricLabels<Name>, value: number): void;
  /**
   * Runs before each scrape, to set gauges that are read rather than counted. A failing reader leaves its
   * gauges as they were and never fails the scrape.
   */
  beforeScrape(read: () => Promise<void> | void): void;
  /** The scrape in Prometheus' text format. */
  scrape(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/**
 * Creates a registry with Node's default metrics and each declared metric of this service.
 *
 * A metric without labels is exposed as 0 from the start. One with labels appears with its first value.
 *
 * @param service becomes the label `service` of every sample
 */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, declaration] of Object.entries<MetricDeclaration>(metrics)) {
    const { type, help, buckets } = declaration;
    const options = { name, help, labelNames: [...declaration.labels], registers: [registry] };
    if (type === 'counter') counters.set(name, new Counter(options));
    else if (type === 'gauge') gauges.set(name, new Gauge(options));
    else histograms.set(name, new Histogram({ ...options, ...(buckets && { buckets: [...buckets] }) }));
  }
  const readers: (() => Promise<void> | void)[] = [];
  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    set: (name, labels, value) => gauges.get(name)?.set(labels, value),
    add: (name, labels, by) => gauges.get(name)?.inc(labels, by),
    observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
    beforeScrape: (read) => {
      readers.push(read);
    },
    scrape: async () => {
      await Promise.allSettled(readers.map(async (read) => read()));
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}
