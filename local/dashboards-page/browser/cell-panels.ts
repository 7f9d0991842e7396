import { element } from './element.ts';
import { type Cell, cellOf } from './geohash.ts';
import type { PanelModel } from './model.ts';
import { momentsOf, type Series, type Span } from './prometheus.ts';
import { textOf, timeOf } from './units.ts';

/** A colour from pale to strong. */
function heat(part: number): string {
  return `hsl(${Math.round(45 - 35 * part)} 95% ${Math.round(88 - 48 * part)}%)`;
}

/** Buckets count all below them: each is shown without the one before. */
function apart(series: readonly Series[]): readonly Series[] {
  const limit = ({ labels }: Series) =>
    labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']);
  const rising = series.toSorted((a, b) => limit(a) - limit(b));
  return rising.map((each, index) => ({
    ...each,
    values: each.values.map((value, at) =>
      value === null ? null : Math.max(0, value - (rising[index - 1]?.values[at] ?? 0)),
    ),
  }));
}

/** Draws a row for each series and a column for each moment; the stronger the colour, the higher the value. */
export function drawHeatMap(
  place: HTMLElement,
  panel: PanelModel,
  series: readonly Series[],
  span: Span,
): void {
  const buckets = panel.targets?.[0]?.format === 'heatmap';
  const rows = buckets ? apart(series) : series.toSorted((a, b) => a.name.localeCompare(b.name));
  const most = Math.max(1e-9, ...rows.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const canvas = element('canvas', 'heat');
  const names = 70;
  const width = place.clientWidth;
  const height = Math.max(120, place.clientHeight - 10);
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  pen.scale(devicePixelRatio, devicePixelRatio);
  pen.font = '11px sans-serif';
  pen.textBaseline = 'middle';
  const bottom = height - 20;
  const rowHeight = bottom / Math.max(1, rows.length);
  for (const [index, { name, values }] of rows.entries()) {
    const top = bottom - (index + 1) * rowHeight;
    const columnWidth = (width - names) / Math.max(1, values.length);
    for (const [column, value] of values.entries()) {
      if (value === null || value <= 0) continue;
      pen.fillStyle = heat(value / most);
      pen.fillRect(names + column * columnWidth, top, Math.ceil(columnWidth), Math.max(1, rowHeight - 1));
    }
    pen.fillStyle = '#555';
    const every = Math.ceil(12 / rowHeight);
    if (index % every === 0) pen.fillText(nameOf(name, buckets, panel), 2, top + rowHeight / 2, names - 6);
  }
  const moments = momentsOf(span);
  const columns = Math.max(1, moments.length);
  pen.textAlign = 'center';
  for (let part = 1; part < timesShown; part += 1) {
    const column = Math.round((part * columns) / timesShown);
    const left = names + ((column + 0.5) * (width - names)) / columns;
    pen.fillText(timeOf(moments[column] ?? span.to, span.to - span.from), left, height - 8);
  }
  place.append(canvas);
}

/** Into how many parts the times under a heat map divide it. */
const timesShown = 6;

function nameOf(name: string, buckets: boolean, panel: PanelModel): string {
  if (!buckets) return name;
  return name === '+Inf' ? 'longer' : textOf(Number(name), panel.fieldConfig?.defaults.unit);
}

const svg = 'http://www.w3.org/2000/svg';

/** Draws each zone as the cell of the map that it is, to scale, without a map under it. */
export function drawZones(place: HTMLElement, panel: PanelModel, series: readonly Series[]): void {
  const zones = series.map(({ labels, values }) => ({
    zone: labels['zone'] ?? '',
    cell: cellOf(labels['zone'] ?? ''),
    value: values.at(-1) ?? 0,
  }));
  const cells = zones.map(({ cell }) => cell);
  if (cells.length === 0) return;
  const bounds: Cell = {
    west: Math.min(...cells.map(({ west }) => west)),
    east: Math.max(...cells.map(({ east }) => east)),
    south: Math.min(...cells.map(({ south }) => south)),
    north: Math.max(...cells.map(({ north }) => north)),
  };
  // A degree of longitude is shorter, the further from the equator.
  const flat = Math.cos((((bounds.south + bounds.north) / 2) * Math.PI) / 180);
  const most = Math.max(1e-9, ...zones.map(({ value }) => value));
  const drawing = document.createElementNS(svg, 'svg');
  drawing.setAttribute('class', 'zones');
  drawing.setAttribute('viewBox', `0 0 ${(bounds.east - bounds.west) * flat} ${bounds.north - bounds.south}`);
  for (const { zone, cell, value } of zones) {
    const square = document.createElementNS(svg, 'rect');
    square.setAttribute('x', String((cell.west - bounds.west) * flat));
    square.setAttribute('y', String(bounds.north - cell.north));
    square.setAttribute('width', String((cell.east - cell.west) * flat));
    square.setAttribute('height', String(cell.north - cell.south));
    square.setAttribute('fill', heat(value / most));
    const title = document.createElementNS(svg, 'title');
    title.textContent = `${zone}: ${textOf(value, panel.fieldConfig?.defaults.unit)}`;
    square.append(title);
    const size = (cell.north - cell.south) / 4;
    const count = document.createElementNS(svg, 'text');
    count.setAttribute('x', String(((cell.west + cell.east) / 2 - bounds.west) * flat));
    count.setAttribute('y', String(bounds.north - (cell.north + cell.south) / 2 + size / 3));
    count.setAttribute('font-size', String(size));
    count.setAttribute('text-anchor', 'middle');
    count.textContent = String(Math.round(value));
    drawing.append(square, count);
  }
  place.append(drawing);
}
