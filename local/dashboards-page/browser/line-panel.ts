import UPlot from 'uplot';
import { limitOf, type PanelModel } from './model.ts';
import { momentsOf, type Series, type Span } from './prometheus.ts';
import { roundSteps, textOf, timeOf } from './units.ts';

const colours = [
  '#3274d9',
  '#e0752d',
  '#37872d',
  '#8f3bb8',
  '#c4162a',
  '#1f9fa8',
  '#b5a100',
  '#e02f8a',
  '#6c6c6c',
  '#7eb26d',
];

/** Beyond this many lines a legend would cover the panel. */
const mostNamed = 24;

/** Height of a row of the legend, as the style sheet has it, and how many rows are shown at once. */
const legendRow = 18;
const mostLegendRows = 3;

/** Rows that a legend needs, at about seven pixels a character. */
function legendRows(names: readonly string[], width: number): number {
  const wanted = names.reduce((sum, name) => sum + 36 + 7 * name.length, 0);
  return Math.min(mostLegendRows, Math.max(1, Math.ceil((wanted * 1.1) / width)));
}

/** Where there are too many to name, those that are 0 all the time tell nothing. */
function worthDrawing(series: readonly Series[]): readonly Series[] {
  if (series.length <= mostNamed) return series;
  const moving = series.filter(({ values }) => values.some((value) => value !== null && value !== 0));
  return moving.length === 0 ? series.slice(0, mostNamed) : moving;
}

/** Draws lines over time, and the limit as a dashed one. */
export function drawLines(place: HTMLElement, panel: PanelModel, all: readonly Series[], span: Span): void {
  const series = worthDrawing(all);
  const moments = momentsOf(span);
  const unit = panel.fieldConfig?.defaults.unit;
  const limit = limitOf(panel);
  const lines = series.map(({ name }, index) => ({
    label: name,
    stroke: colours[index % colours.length] ?? '#333',
    width: 2,
    points: { show: false },
    value: (_: UPlot, value: number | null) => (value === null ? '' : textOf(value, unit)),
  }));
  const limitLine =
    limit === undefined
      ? []
      : [{ label: 'limit', stroke: '#c4162a', width: 1, dash: [6, 4], points: { show: false } }];
  const values = series.map((each) => [...each.values]);
  const highest = Math.max(0, ...values.flat().map((value) => value ?? 0));
  // A limit far above everything would flatten the lines.
  const shown = limit !== undefined && limit <= highest * 3;
  const data: UPlot.AlignedData = [[...moments], ...values, ...(shown ? [moments.map(() => limit)] : [])];
  const named = series.length <= mostNamed;
  const rows = legendRows(
    [...series.map(({ name }) => name), ...(shown ? ['limit'] : [])],
    place.clientWidth,
  );
  const steps = roundSteps(unit);
  new UPlot(
    {
      width: place.clientWidth,
      height: Math.max(120, place.clientHeight - (named ? rows * legendRow + 6 : 0)),
      // The last time of day reaches beyond the axis.
      padding: [null, 30, null, null],
      scales: {
        x: { time: true },
        y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.05 : 1] },
      },
      axes: [
        { space: 90, values: (_, ticks) => ticks.map((tick) => timeOf(tick, span.to - span.from)) },
        {
          size: 70,
          ...(steps && { incrs: steps }),
          values: (_, ticks) => ticks.map((tick) => textOf(tick, unit)),
        },
      ],
      legend: { show: named, live: false },
      cursor: { drag: { x: false, y: false } },
      series: [{}, ...lines, ...(shown ? limitLine : [])],
    },
    data,
    place,
  );
}
