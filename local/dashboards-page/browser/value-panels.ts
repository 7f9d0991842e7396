import { element } from './element.ts';
import { colourOf, type PanelModel, unitOf } from './model.ts';
import type { Series } from './prometheus.ts';
import { textOf } from './units.ts';

const lastOf = ({ values }: Series) => values.findLast((value) => value !== null) ?? Number.NaN;

function text(panel: PanelModel, each: Series): string {
  return textOf(lastOf(each), unitOf(panel, each.name), panel.fieldConfig?.defaults.decimals);
}

/** Shows the last value of each query, in the colour of its threshold. */
export function drawNumbers(place: HTMLElement, panel: PanelModel, series: readonly Series[]): void {
  for (const each of series) {
    const number = element('div', 'number', text(panel, each));
    number.style.color = colourOf(panel, lastOf(each));
    const named =
      series.length > 1 || panel.options?.textMode === 'value_and_name'
        ? [element('div', 'name', each.name)]
        : [];
    place.append(element('div', 'stat', number, ...named));
  }
}

/** Shows the last value of each query as a bar. */
export function drawBars(place: HTMLElement, panel: PanelModel, series: readonly Series[]): void {
  const longest = Math.max(1, ...series.map(lastOf));
  for (const each of series.toSorted((a, b) => lastOf(b) - lastOf(a))) {
    const bar = element('div', 'bar');
    bar.style.width = `${(100 * lastOf(each)) / longest}%`;
    place.append(
      element(
        'div',
        'bar-row',
        element('span', 'name', each.name),
        element('span', 'track', bar),
        element('span', 'value', text(panel, each)),
      ),
    );
  }
}
