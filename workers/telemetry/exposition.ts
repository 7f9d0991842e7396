import { Registry, type RegistryContentType } from 'prom-client';

/** What a scrape is answered with. */
export interface Scrape {
  readonly contentType: string;
  readonly body: string;
}

const openMetrics = Registry.OPENMETRICS_CONTENT_TYPE;

/** Writes a registry in the format that a scraper accepts. */
export class Exposition {
  readonly #registry: Registry<RegistryContentType>;
  #written: Promise<unknown> = Promise.resolve();

  constructor(registry: Registry<RegistryContentType>) {
    this.#registry = registry;
  }

  /** Lets metrics be added that have exemplars. */
  prepare(): void {
    this.#registry.setContentType(openMetrics);
  }

  /** @param accept the header of the request @default Prometheus' text format */
  write(accept = ''): Promise<Scrape> {
    // The format belongs to the registry, so one scrape is written after the other.
    const next = this.#written.then(() => this.#write(accept.includes('application/openmetrics-text')));
    this.#written = next.catch(() => undefined);
    return next;
  }

  async #write(isOpen: boolean): Promise<Scrape> {
    const contentType = isOpen ? openMetrics : Registry.PROMETHEUS_CONTENT_TYPE;
    this.#registry.setContentType(contentType);
    try {
      return { contentType, body: await this.#registry.metrics() };
    } finally {
      if (isOpen) this.#restoreNames();
      this.prepare();
    }
  }

  /** Writing OpenMetrics, prom-client cuts the suffix off the names of its counters for good. */
  #restoreNames(): void {
    // The array holds the metrics themselves; its type leaves out that they can be written to.
    for (const metric of this.#registry.getMetricsAsArray() as { name: string; type: unknown }[]) {
      // The declaration names the type by an enumeration; at run time it is its word.
      if (String(metric.type) === 'counter' && !metric.name.endsWith('_total')) metric.name += '_total';
    }
  }
}
