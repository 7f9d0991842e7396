/** One series of samples, one every 15 seconds, in promtool's notation: `0+1x20` is 0 and 20 more, each 1 higher. */
export type Series = Readonly<Record<string, string>>;

/** Series for which an alert is told. */
export interface FiringCase {
  readonly series: Series;
  /** When it is told at the latest, e.g. `11m`. */
  readonly at: string;
  /** Labels of the alert beside its severity and receivers. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its description, with the values. */
  readonly says: string;
}

/** What an alert is tried with. */
export interface AlertCase {
  readonly fires: FiringCase;
  /** Other things that it tells of. @default none */
  readonly firesToo?: readonly (FiringCase & { readonly why: string })[];
  /** At the limit, or just on the right side of it, where the alert is not told. */
  readonly boundary: { readonly series: Series; readonly at: string };
  /** All is well. */
  readonly quiet: readonly { readonly why: string; readonly series: Series; readonly at: string }[];
}

export type AlertCases = Readonly<Record<string, AlertCase>>;
