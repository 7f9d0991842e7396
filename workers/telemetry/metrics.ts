import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
  type RegistryContentType,
} from 'prom-client';
import { type MetricDeclaration, type MetricLabels, type MetricName, metrics } from '../platform/metrics.ts';
import { Exposition, type Scrape } from './exposition.ts';

type NamesOfType<Type extends MetricDeclaration['type']> = {
  [Name in MetricName]: (typeof metrics)[Name]['type'] extends Type ? Name : never;
}[MetricName];

/** The declared metrics of one process; a wrong name or a missing label does not compile. */
export interface Metrics {
  /** Adds to a counter; 0 shows one with labels before its first event, so that its rise can be seen. @default by 1 */
  count<Name extends NamesOfType<'counter'>>(name: Name, labels: MetricLabels<Name>, by?: number): void;
  /** Sets a gauge. */
  set<Name extends NamesOfType<'gauge'>>(name: Name, labels: MetricLabels<Name>, value: number): void;
  /** Adds to a gauge, which may go down: `by` can be negative. */
  add<Name extends NamesOfType<'gauge'>>(name: Name, labels: MetricLabels<Name>, by: number): void;
  /** Sets a gauge for these labels, and forgets it for all others. */
  replace<Name extends NamesOfType<'gauge'>>(
    name: Name,
    samples: readonly (readonly [labels: MetricLabels<Name>, value: number])[],
  ): void;
  /**
   * Records one observation in a histogram, in the unit its name ends with. Within a trace that is recorded, it is
   * kept as the exemplar of its bucket.
   */
  observe<Name extends NamesOfType<'histogram'>>(name: Name, labels: MetricLabels<Name>, value: number): void;
  /** Shows a histogram with labels as empty before its first observation, so that its rise can be seen. */
  expect<Name extends NamesOfType<'histogram'>>(name: Name, labels: MetricLabels<Name>): void;
  /**
   * Runs before each scrape, to set gauges that are read rather than counted. A failing reader leaves its
   * gauges as they were and never fails the scrape.
   */
  beforeScrape(read: () => Promise<void> | void): void;
  /**
   * The scrape in OpenMetrics' text format, with exemplars, where the caller accepts it; else in Prometheus' own.
   * @param accept the header of that name
   */
  scrape(accept?: string): Promise<Scrape>;
}

/**
 * Creates a registry with Node's default metrics and the declared metrics that this role exposes.
 *
 * A metric without labels is exposed as 0 from the start, by the roles that are declared to expose it. One with
 * labels appears with its first value.
 *
 * @param role becomes the label `service` of every sample
 * @param options.traceId the id of the trace that is recorded just now, for exemplars @default none
 */
export function createMetrics(
  role: string,
  options: { readonly traceId?: () => string | undefined } = {},
): Metrics {
  const registry = new Registry<RegistryContentType>();
  registry.setDefaultLabels({ service: role });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  const exposition = new Exposition(registry);
  // Exemplars are only for registries that can write them; which format is written is decided for each scrape.
  exposition.prepare();
  collectDefaultMetrics({ register: registry });

  const create = (name: MetricName) => {
    const { type, help, buckets, labels }: MetricDeclaration = metrics[name];
    const base = { name, help, labelNames: [...labels], registers: [registry] };
    if (type === 'counter') counters.set(name, new Counter(base));
    else if (type === 'gauge') gauges.set(name, new Gauge(base));
    else {
      const options = { ...base, enableExemplars: true, ...(buckets && { buckets: [...buckets] }) };
      histograms.set(name, new Histogram(options));
    }
  };
  function found<Metric>(known: ReadonlyMap<string, Metric>, name: MetricName): Metric {
    if (!known.has(name)) create(name);
    // It was made just now, if not before: the names of this type are those of its map.
    return known.get(name) as Metric;
  }
  for (const name of namesOfMetrics) if (isExposedBy(metrics[name], role)) create(name);

  const readers: (() => Promise<void> | void)[] = [];
  return {
    count: (name, labels, by = 1) => found(counters, name).inc(labels, by),
    set: (name, labels, value) => found(gauges, name).set(labels, value),
    add: (name, labels, by) => found(gauges, name).inc(labels, by),
    replace: (name, samples) => {
      const gauge = found(gauges, name);
      gauge.reset();
      for (const [labels, value] of samples) gauge.set(labels, value);
    },
    observe: (name, labels, value) => {
      const traceId = options.traceId?.();
      found(histograms, name).observe({
        labels,
        value,
        ...(traceId !== undefined && { exemplarLabels: { trace_id: traceId } }),
      });
    },
    expect: (name, labels) => found(histograms, name).zero(labels),
    beforeScrape: (read) => {
      readers.push(read);
    },
    scrape: async (accept) => {
      await Promise.allSettled(readers.map(async (read) => read()));
      return exposition.write(accept);
    },
  };
}

// Object.keys gives string[]; the names are exactly the keys of the declaration.
const namesOfMetrics = Object.keys(metrics) as MetricName[];

function isExposedBy({ exposedBy }: MetricDeclaration, role: string): boolean {
  return exposedBy === undefined || exposedBy.includes(role);
}
