import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'puppeteer-core';
import { demoEnvironment } from '../../cli/commands/demo.ts';
import { runDemo } from '../../cli/demo/run-demo.ts';
import { playedStack } from '../../cli/players/played-stack.ts';
import { gapsOf } from '../../cli/verify/finding.ts';
import { verifiedStack } from '../../cli/verify/local-platform.ts';
import { type Evaluated, PrometheusApi } from '../../cli/verify/prometheus-api.ts';
import { verify } from '../../cli/verify/verify.ts';
import { dashboardsOf } from '../../dashboards/dashboards.ts';
import { type PanelQuery, panelQueries } from '../../dashboards/queries.ts';
import { checkout } from '../../local/checkout.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { alertsOf } from '../../workers/platform/alerts.ts';
import { type MetricDeclaration, metrics } from '../../workers/platform/metrics.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { declaredName, metricNames } from '../dashboards/metric-names.ts';
import { eventually } from '../harness/eventually.ts';
import { chromium, startChromium } from './chromium.ts';

/** The pictures of the documentation are taken anew only where that is asked for. */
const picturesWanted = process.env['SMARTEATS_TAKE_PICTURES'] !== undefined;

let stack: LocalStack;
let prometheus: PrometheusApi;

beforeAll(async () => {
  stack = await startLocalStack({
    isolated: true,
    environment: demoEnvironment,
    monitoring: { intervalSeconds: 1 },
  });
  prometheus = new PrometheusApi(stack.monitoring?.urls.prometheus ?? '');
  // A count that was never seen at 0 does not rise: the first orders come when all have been asked once.
  const seen = 'count(up == 1)';
  await eventually(async () => expect(valuesOf(await prometheus.evaluate(seen))).toBe(1), 60_000);
  await runDemo({
    platform: playedStack(stack),
    // Pictures are worth a few minutes of a busy evening.
    orders: picturesWanted ? 900 : 40,
    rate: 4,
    signal: AbortSignal.timeout(picturesWanted ? 400_000 : 150_000),
  });
}, 500_000);

afterAll(() => stack?.stop(), 60_000);

const valuesOf = (answer: Evaluated) => ('values' in answer ? answer.values : 0);

const declared: Readonly<Record<string, MetricDeclaration>> = metrics;

/** Whether a metric exists on this machine: those of volumes do in a cluster. */
const exists = (name: string) => !name.startsWith('kubelet_');

/** Has its first value when something goes wrong for the first time. */
const tellsOfTrouble = (name: string) =>
  ['messages_publish_failed_total', 'celery_task_failed_total'].includes(name);

describe('every panel', () => {
  const panels = new Map<string, PanelQuery[]>();
  for (const query of panelQueries(smartEats)) {
    const title = `${query.dashboard}: ${query.panel}`;
    panels.set(title, [...(panels.get(title) ?? []), query]);
  }
  const isHere = ({ expression }: PanelQuery) => metricNames(expression).every(exists);

  it.each([...panels])('%s has data from the running platform', async (_, queries) => {
    const wanted = queries.filter(
      (query) => isHere(query) && !metricNames(query.expression).some(tellsOfTrouble),
    );
    await eventually(async () => {
      for (const { expression } of queries)
        expect(await prometheus.evaluate(expression)).toEqual({ values: expect.any(Number) });
      for (const { expression } of wanted)
        expect([expression, valuesOf(await prometheus.evaluate(expression)) > 0]).toEqual([expression, true]);
    });
  });
});

describe('every name', () => {
  const expressions = [
    ...panelQueries(smartEats).map(({ expression }) => expression),
    ...Object.values(alertsOf(smartEats)).map(({ expression }) => expression),
  ];
  let pages: string;

  beforeAll(async () => {
    const texts = Object.values(stack.urls).map(async (url) => (await fetch(`${url}/metrics`)).text());
    pages = (await Promise.all(texts)).join('\n');
  });

  it('of ours is described by a process of the platform', () => {
    for (const [name, { type }] of Object.entries(declared)) {
      if (!exists(name)) continue;
      if (!pages.includes(`# TYPE ${name} `)) expect([name, tellsOfTrouble(name)]).toEqual([name, true]);
      else expect(pages).toContain(`# TYPE ${name} ${type}\n`);
    }
  });

  it.each([...new Set(expressions.flatMap(metricNames))])(
    '%s is one that a live scrape returned',
    async (name) => {
      if (name === 'ALERTS' || !exists(name) || declared[declaredName(name)] !== undefined) return;
      await eventually(async () => expect(valuesOf(await prometheus.evaluate(`count(${name})`))).toBe(1));
    },
  );

  it('is matched by labels that its samples have', async () => {
    for (const expression of new Set(expressions)) {
      for (const [, name = '', matchers = ''] of expression.matchAll(/([a-z0-9_]+)\{([^}]*)\}/g)) {
        if (!exists(name) || declared[declaredName(name)] !== undefined) continue;
        for (const [, label = ''] of matchers.matchAll(/(\w+)(?:=|!=|=~|!~)"/g)) {
          const found = await prometheus.evaluate(`count(${name}{${label}!=""})`);
          expect([name, label, valuesOf(found)]).toEqual([name, label, 1]);
        }
      }
    }
  });
});

describe('verify', () => {
  it('finds a platform that is as declared', async () => {
    const findings = await verify(verifiedStack(stack));
    expect(gapsOf(findings)).toEqual([]);
    expect(findings.map(({ area }) => area)).toEqual(
      expect.arrayContaining(['targets', 'rules', 'panels', 'broker']),
    );
  }, 90_000);
});

const describeInBrowser = chromium === undefined ? describe.skip : describe;

describeInBrowser('the page of the dashboards', () => {
  let browser: Browser;
  let page: Page;
  const failures: string[] = [];

  beforeAll(async () => {
    browser = await startChromium(chromium ?? '');
    page = await browser.newPage();
    await page.setViewport({ width: 1400, height: 1000 });
    page.on('pageerror', (error) => failures.push(String(error)));
  }, 60_000);
  afterAll(() => browser?.close());

  it.each(dashboardsOf(smartEats).map(({ name, title, rows }) => [title, name, rows] as const))(
    'draws every panel of %s',
    async (title, name, rows) => {
      await page.goto('about:blank');
      await page.goto(`${stack.monitoring?.dashboards}/#smarteats-${name}`);
      await page.waitForSelector('main[data-drawn]', { timeout: 30_000 });
      const shown = await page.$$eval('section:not(.row)', (sections) =>
        sections.map((section) => ({
          title: section.querySelector('h2')?.firstChild?.textContent ?? '',
          series: Number(section.querySelector<HTMLElement>('.content')?.dataset['series'] ?? 0),
          drawn: section.querySelector('canvas, svg, .number, .bar') !== null,
          failed: section.querySelector('.failed')?.textContent ?? '',
        })),
      );
      const panels = rows.flatMap((row) => row.panels);
      expect(shown.map((panel) => panel.title)).toEqual(panels.map((panel) => panel.title));
      for (const panel of shown) {
        const { queries = {} } = panels.find((each) => each.title === panel.title) ?? {};
        const isHere = Object.values(queries).some((expression) => metricNames(expression).every(exists));
        expect(panel).toMatchObject({ failed: '', ...(isHere && { drawn: true }) });
      }
      expect(await page.$eval('nav a.current', ({ textContent }) => textContent)).toBe(title);
      const picture = await page.screenshot({ fullPage: true, ...fileOf(name) });
      // A page that shows nothing is a few kilobytes.
      expect(picture.length).toBeGreaterThan(50_000);
      expect(failures).toEqual([]);
    },
    60_000,
  );

  it('leads from a panel to the runbook of its alert', async () => {
    await page.goto(`${stack.monitoring?.dashboards}/#smarteats-workers-and-queues`);
    const href = await page.waitForSelector('a.runbook').then((link) => link?.evaluate(({ href }) => href));
    await page.goto(href ?? '');
    expect(await page.$eval('h1', ({ textContent }) => textContent)).toBe('QueueBacklog');
  }, 60_000);

  it('shows one job where one is chosen', async () => {
    await page.goto('about:blank');
    await page.goto(`${stack.monitoring?.dashboards}/#smarteats-system-health`);
    await page.waitForSelector('main[data-drawn]');
    await page.select('select.job', 'auth-service');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('section')].some(
        (section) =>
          section.textContent.startsWith('Memory of the processes') &&
          section.querySelector<HTMLElement>('.content')?.dataset['series'] === '1',
      ),
    );
  }, 60_000);
});

/** Where the pictures of the documentation are kept. */
function fileOf(name: string): { readonly path?: `${string}.png` } {
  if (!picturesWanted) return {};
  const directory = join(checkout, 'docs', 'images');
  mkdirSync(directory, { recursive: true });
  return { path: `${directory}/dashboard-${name}.png` };
}
