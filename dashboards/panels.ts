import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BigValueTextMode,
  type DataSourceRef,
  FrameGeometrySourceBuilder,
  FrameGeometrySourceMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  MapLayerOptionsBuilder,
  ReduceDataOptionsBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Geomap } from '@grafana/grafana-foundation-sdk/geomap';
import {
  PanelBuilder as Heatmap,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { runbookOf } from '../workers/platform/alerts.ts';
import type { Limit, PanelDeclaration, PanelKind } from './declaration.ts';

export interface PanelContext {
  readonly datasource: DataSourceRef;
  /** Where the runbooks are found, a URL that ends with `/`; no links without one. */
  readonly runbooks: string;
}

type Builder = TimeSeries | Stat | BarGauge | Heatmap | Geomap;

/** A panel as Grafana reads it, without its number. */
export function panelOf(declared: PanelDeclaration, context: PanelContext): Builder {
  const {
    kind,
    title,
    description,
    unit,
    alert,
    decimals,
    limit,
    signed = false,
    width = kind === 'number' ? 6 : 12,
  } = declared;
  const builder = builders[kind](declared);
  builder
    .title(title)
    .description(
      alert === undefined ? `${description}.` : `${description}. Alert: ${alert} (${runbookOf(alert)}).`,
    )
    .datasource(context.datasource)
    .unit(unit)
    .span(width)
    .height(kind === 'number' ? 5 : 9);
  if (decimals !== undefined) builder.decimals(decimals);
  if (kind === 'lines' && !signed) builder.min(0);
  builder.thresholds(thresholdsOf(limit));
  for (const [name, value] of Object.entries(declared.unitOf ?? {}))
    builder.overrideByName(name, [{ id: 'unit', value }]);
  if (alert !== undefined && context.runbooks !== '') builder.links([runbookLink(alert, context.runbooks)]);
  for (const [index, [legend, expression]] of Object.entries(declared.queries).entries()) {
    builder.withTarget(target(kind, context.datasource, index, legend, expression));
  }
  return builder;
}

const builders: Readonly<Record<PanelKind, (declared: PanelDeclaration) => Builder>> = {
  lines: ({ limit }) => {
    const builder = new TimeSeries()
      .legend(legendBelow())
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
      .lineWidth(2)
      .fillOpacity(10)
      .spanNulls(false);
    return limit === undefined
      ? builder
      : builder.thresholdsStyle(
          new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed),
        );
  },
  number: ({ queries }) => {
    // A number of one label's value says nothing without it, even if it is the only one now.
    const labelled = Object.keys(queries).some((legend) => legend.includes('{{'));
    return new Stat()
      .reduceOptions(lastValue())
      .textMode(labelled ? BigValueTextMode.ValueAndName : BigValueTextMode.Auto);
  },
  bars: () => new BarGauge().orientation(VizOrientation.Horizontal).reduceOptions(lastValue()).min(0),
  heatmap: () =>
    new Heatmap()
      .calculate(false)
      .color(
        new HeatmapColorOptionsBuilder()
          .mode(HeatmapColorMode.Scheme)
          .scheme('Oranges')
          .steps(64)
          .fill('dark-orange'),
      )
      .showLegend(),
  map: () =>
    new Geomap()
      .layers([
        new MapLayerOptionsBuilder()
          .type('heatmap')
          .name('deliveries')
          .config({ weight: { field: 'Value', fixed: 1, min: 0, max: 1 }, radius: 12, blur: 15 })
          // Zones are cells of a geohash.
          .location(new FrameGeometrySourceBuilder().mode(FrameGeometrySourceMode.Geohash).geohash('zone')),
      ])
      .basemap(new MapLayerOptionsBuilder().type('default').name('map')),
};

function target(
  kind: PanelKind,
  datasource: DataSourceRef,
  index: number,
  legend: string,
  expression: string,
) {
  const query = new DataqueryBuilder()
    .datasource(datasource)
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
    .expr(expression)
    .legendFormat(legend);
  if (kind === 'lines')
    return query.range().exemplar(expression.includes('_bucket{') || expression.includes('_bucket['));
  if (kind === 'map') return query.instant().format(PromQueryFormat.Table);
  if (kind === 'bars') return query.instant();
  // Buckets count all below them, which Grafana takes apart where it knows that they are buckets.
  if (kind === 'heatmap' && legend === '{{le}}') return query.range().format(PromQueryFormat.Heatmap);
  return query.range();
}

/** Green on the good side of the limit, red on the other. */
function thresholdsOf(limit: Limit | undefined): ThresholdsConfigBuilder {
  const good = 'green';
  const bad = 'red';
  const base = (color: string) => ({ color, value: null });
  const builder = new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute);
  if (limit === undefined) return builder.steps([base(good)]);
  const { value } = limit;
  return limit.bad === 'above'
    ? builder.steps([base(good), { color: bad, value }])
    : builder.steps([base(bad), { color: good, value }]);
}

function runbookLink(alert: string, runbooks: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(`Runbook: ${alert}`)
    .type(DashboardLinkType.Link)
    .url(`${runbooks}${runbookOf(alert)}`)
    .targetBlank(true);
}

function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(['lastNotNull']);
}

function legendBelow(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom);
}
