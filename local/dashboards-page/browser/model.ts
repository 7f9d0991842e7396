/** What the page reads of a dashboard's JSON, which is the one that Grafana gets. */
export interface DashboardModel {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly PanelModel[];
}

export interface PanelModel {
  readonly id: number;
  readonly type: 'row' | 'timeseries' | 'stat' | 'bargauge' | 'heatmap' | 'geomap';
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly targets?: readonly TargetModel[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly decimals?: number;
      readonly thresholds?: { readonly steps: readonly ThresholdStep[] };
    };
    /** What single series have instead, each found by its name. */
    readonly overrides?: readonly {
      readonly matcher: { readonly options?: unknown };
      readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
    }[];
  };
  readonly options?: { readonly textMode?: string };
}

export interface TargetModel {
  readonly expr: string;
  readonly legendFormat: string;
  readonly format?: string;
}

/** A colour from a value on; the first step has no value and is for all below the second. */
export interface ThresholdStep {
  readonly color: string;
  readonly value: number | null;
}

/** What the names of Grafana's colours look like. */
const shades: Readonly<Record<string, string>> = { green: '#37872d', red: '#c4162a' };

/** The colour that a panel's thresholds give a value. */
export function colourOf(panel: PanelModel, value: number): string {
  const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  const name = steps.findLast((step) => step.value === null || value >= step.value)?.color ?? 'green';
  return shades[name] ?? name;
}

/** The unit of a panel's series. */
export function unitOf({ fieldConfig }: PanelModel, name: string): string | undefined {
  const own = fieldConfig?.overrides?.find(({ matcher }) => matcher.options === name);
  const unit = own?.properties.find(({ id }) => id === 'unit')?.value;
  return typeof unit === 'string' ? unit : fieldConfig?.defaults.unit;
}

/** The limit that a panel draws, where it has one. */
export function limitOf(panel: PanelModel): number | undefined {
  return panel.fieldConfig?.defaults.thresholds?.steps[1]?.value ?? undefined;
}
