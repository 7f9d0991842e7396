/** A metric as Prometheus sees it. Labels are bounded: never an order, user or message id. */
export interface MetricDeclaration {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  readonly buckets?: readonly number[];
  /**
   * The services that expose it from their start on. Any other process exposes it from its first value on, so that
   * nobody says 0 of what it does not know.
   * @default every process
   */
  readonly exposedBy?: readonly string[];
  /** Who reads it, where no alert and no panel does. */
  readonly unwatched?: string;
}

/** Metrics of one area, by name. */
export type MetricDeclarations = Readonly<Record<string, MetricDeclaration>>;
