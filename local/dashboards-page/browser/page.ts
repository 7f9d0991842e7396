/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { drawHeatMap, drawZones } from './cell-panels.ts';
import { element } from './element.ts';
import { drawLines } from './line-panel.ts';
import type { DashboardModel, PanelModel } from './model.ts';
import { readJobs, readNow, readSpan, type Series, type Span } from './prometheus.ts';
import { drawBars, drawNumbers } from './value-panels.ts';

/** Milliseconds between two looks at Prometheus. */
const refreshMs = 15_000;

/** Points of a line. */
const points = 180;

const rowHeight = 34;

/** Everything there is, of a platform that was started not long ago. */
const sinceStart = 'since the start';

const spans: Readonly<Record<string, number>> = {
  '5 minutes': 300,
  '15 minutes': 900,
  '1 hour': 3_600,
  '6 hours': 21_600,
  '1 day': 86_400,
};

/** In seconds: what is shown of a platform at least, and the age until which all of it is shown at first. */
const shortestSpan = 120;
const longestAge = 3_600;

let startedAt = 0;
const main = element('main', '');
const tabs = element('nav', '');
const spanChoice = element('select', 'span');
const jobChoice = element('select', 'job');

interface Chosen {
  readonly dashboard: DashboardModel;
  readonly job: string;
  readonly span: Span;
}

async function start(): Promise<void> {
  // Written by our own server.
  const names = (await (await fetch('dashboards.json')).json()) as readonly string[];
  const dashboards = await Promise.all(
    names.map(async (name) => (await (await fetch(`dashboards/${name}.json`)).json()) as DashboardModel),
  );
  const jobs = await readJobs();
  startedAt = await firstStart();
  const isYoung = Date.now() / 1000 - startedAt < longestAge;
  const choices = [...(isYoung ? [sinceStart] : []), ...Object.keys(spans)];
  spanChoice.append(...choices.map((name) => element('option', '', name)));
  spanChoice.value = isYoung ? sinceStart : '1 hour';
  jobChoice.append(...['all jobs', ...jobs].map((name) => element('option', '', name)));
  for (const { uid, title } of dashboards) {
    const link = element('a', '', title);
    link.href = `#${uid}`;
    tabs.append(link);
  }
  document.body.append(
    element('header', '', element('h1', '', 'SmartEats'), tabs, jobChoice, spanChoice),
    main,
  );
  const show = () => draw(chosenOf(dashboards));
  for (const choice of [spanChoice, jobChoice]) choice.addEventListener('change', show);
  addEventListener('hashchange', show);
  setInterval(show, refreshMs);
  await show();
}

/** When the first process was started that Prometheus knows of, in seconds since 1970. */
async function firstStart(): Promise<number> {
  const query = { expr: 'min(process_start_time_seconds)', legendFormat: '' };
  return (await readNow(query, ''))[0]?.values[0] ?? Date.now() / 1000;
}

/** Length of what is shown, in seconds. */
function spanLength(): number {
  if (spanChoice.value !== sinceStart) return spans[spanChoice.value] ?? 900;
  return Math.max(shortestSpan, Date.now() / 1000 - startedAt);
}

function chosenOf(dashboards: readonly DashboardModel[]): Chosen {
  const dashboard = dashboards.find(({ uid }) => `#${uid}` === location.hash) ?? dashboards[0];
  if (dashboard === undefined) throw new Error('there is no dashboard');
  const step = Math.max(5, Math.round(spanLength() / points));
  const length = Math.ceil(spanLength() / step) * step;
  const to = Math.floor(Date.now() / 1000 / step) * step;
  return {
    dashboard,
    job: jobChoice.selectedIndex <= 0 ? '.+' : jobChoice.value,
    span: { from: to - length, to, step },
  };
}

async function draw(chosen: Chosen): Promise<void> {
  const { dashboard } = chosen;
  for (const link of tabs.querySelectorAll('a')) {
    link.className = link.hash === `#${dashboard.uid}` ? 'current' : '';
  }
  const kept = main.dataset['uid'] === dashboard.uid;
  if (!kept) {
    main.dataset['uid'] = dashboard.uid;
    main.replaceChildren(element('p', 'about', dashboard.description), ...dashboard.panels.map(frameOf));
  }
  await Promise.all(dashboard.panels.map((panel) => fill(panel, chosen)));
  main.dataset['drawn'] = String(Date.now());
}

function frameOf({ id, type, title, description = '', gridPos, links = [] }: PanelModel): HTMLElement {
  const heading = element('h2', '', title);
  heading.title = description;
  const frame = element('section', type, heading);
  frame.id = `panel-${id}`;
  frame.style.gridColumn = `${gridPos.x + 1} / span ${gridPos.w}`;
  frame.style.gridRow = `${gridPos.y + 2} / span ${gridPos.h}`;
  if (type === 'row') return frame;
  frame.style.height = `${gridPos.h * rowHeight}px`;
  for (const { title: text, url } of links) {
    const link = element('a', 'runbook', 'Runbook');
    link.title = text;
    link.href = url;
    heading.append(link);
  }
  frame.append(element('div', 'content'));
  return frame;
}

async function fill(panel: PanelModel, chosen: Chosen): Promise<void> {
  const place = document.querySelector<HTMLElement>(`#panel-${panel.id} .content`);
  if (place === null) return;
  try {
    const series = await readPanel(panel, chosen);
    place.replaceChildren();
    place.dataset['series'] = String(series.length);
    if (series.length === 0) place.append(element('p', 'empty', 'No data yet'));
    else drawPanel(place, panel, series, chosen.span);
  } catch (error) {
    place.dataset['series'] = '0';
    place.replaceChildren(element('p', 'failed', error instanceof Error ? error.message : String(error)));
  }
}

async function readPanel(
  { type, targets = [] }: PanelModel,
  { job, span }: Chosen,
): Promise<readonly Series[]> {
  const isNow = type === 'stat' || type === 'bargauge' || type === 'geomap';
  const read = await Promise.all(
    targets.map((target) => (isNow ? readNow(target, job) : readSpan(target, job, span))),
  );
  return read.flat().filter(({ values }) => values.some((value) => value !== null));
}

function drawPanel(place: HTMLElement, panel: PanelModel, series: readonly Series[], span: Span): void {
  switch (panel.type) {
    case 'stat':
      drawNumbers(place, panel, series);
      break;
    case 'bargauge':
      drawBars(place, panel, series);
      break;
    case 'heatmap':
      drawHeatMap(place, panel, series, span);
      break;
    case 'geomap':
      drawZones(place, panel, series);
      break;
    default:
      drawLines(place, panel, series, span);
  }
}

start().catch((error: unknown) => {
  document.body.append(element('p', 'failed', `The page could not be shown: ${String(error)}`));
});
