/** What a panel looks like: lines over time, the last value as a number, bars, a heat map over time, or a map. */
export type PanelKind = 'lines' | 'number' | 'bars' | 'heatmap' | 'map';

/** A limit that is drawn: beyond it things are bad. */
export interface Limit {
  readonly value: number;
  /** Which side of it is bad. */
  readonly bad: 'above' | 'below';
}

/** A panel, without its place and its number. */
export interface PanelDeclaration {
  readonly kind: PanelKind;
  readonly title: string;
  readonly description: string;
  /** The unit's id in Grafana, e.g. `s`, `percentunit`, `ops`. */
  readonly unit: string;
  /** Units of single series by their text in the legend. @default none: all have `unit` */
  readonly unitOf?: Readonly<Record<string, string>>;
  /** PromQL by its text in the legend, in which `{{label}}` stands for the value of a label. */
  readonly queries: Readonly<Record<string, string>>;
  /** Width in 24ths of the page. @default 12, a number 6 */
  readonly width?: number;
  readonly limit?: Limit;
  /** The alert that tells of what the panel shows; its runbook is linked. */
  readonly alert?: string;
  readonly decimals?: number;
  /** Whether its values may be below 0. @default false: what counts or measures begins at 0 */
  readonly signed?: boolean;
}

/** Panels under one heading. */
export interface RowDeclaration {
  readonly title: string;
  readonly panels: readonly PanelDeclaration[];
}

/** A dashboard; its address in Grafana is `smarteats-<name>`. */
export interface DashboardDeclaration {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly RowDeclaration[];
  /** What it shows at first, e.g. `now-1h`. @default now-1h */
  readonly from?: string;
}
