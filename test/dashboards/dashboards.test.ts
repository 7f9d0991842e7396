import { describe, expect, it } from '@jest/globals';
import { alertsOf } from '../../workers/platform/alerts.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { dashboardModels, panelsOf } from './model.ts';

const models = dashboardModels();

describe('the dashboards', () => {
  it('are those of the product and of its workers', () => {
    expect(models.map(([, { uid, title }]) => [uid, title])).toEqual([
      ['smarteats-system-health', 'System Health'],
      ['smarteats-business-metrics', 'Business Metrics'],
      ['smarteats-delivery', 'Delivery'],
      ['smarteats-workers-and-queues', 'Workers & Queues'],
    ]);
  });

  it.each([
    [
      'System Health',
      ['API response time', 'Error rate', 'CPU of the nodes', 'Connections to Redis and RabbitMQ'],
    ],
    ['Business Metrics', ['Orders per hour', 'Revenue trend', 'Popular restaurants', 'Peak ordering times']],
    ['Delivery', ['Active deliveries', 'Average delivery time', 'Driver availability', 'Delivery zones']],
    ['Workers & Queues', ['Messages that wait', 'Dead letters', 'Messages unaccounted for', 'Tasks']],
  ])('show on %s what it is for', (wanted, panels) => {
    const model = models.find(([, { title }]) => title === wanted)?.[1];
    const titles = model && panelsOf(model).map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining([...panels]));
  });

  it('draw peak times as a heat map and the zones as a map', () => {
    const all = models.flatMap(([, model]) => panelsOf(model));
    expect(all.find(({ title }) => title === 'Peak ordering times')?.type).toBe('heatmap');
    expect(all.find(({ title }) => title === 'Delivery zones')?.type).toBe('geomap');
  });
});

describe('the revenue', () => {
  const revenue = models
    .flatMap(([, model]) => panelsOf(model))
    .filter(({ targets }) => targets.some(({ expr }) => expr.includes('orders_revenue_total')));

  it('is shown for each currency by itself, in its own unit', () => {
    expect(revenue.map(({ title }) => title)).toEqual(['Revenue in the last hour', 'Revenue trend']);
    for (const { targets, fieldConfig } of revenue) {
      expect(targets.map(({ legendFormat }) => legendFormat)).toEqual(['{{currency}}']);
      expect(fieldConfig.overrides).toContainEqual({
        matcher: { id: 'byName', options: 'EUR' },
        properties: [{ id: 'unit', value: 'currencyEUR' }],
      });
    }
  });

  it('names its currency even if there is only one', () => {
    expect(revenue[0]?.options).toMatchObject({ textMode: 'value_and_name' });
  });
});

describe.each(models)('the dashboard %s', (_, model) => {
  it('lets the reader choose the Prometheus that all panels ask, and the jobs', () => {
    expect(model.templating.list).toMatchObject([
      { name: 'datasource', type: 'datasource', query: 'prometheus' },
      { name: 'job', type: 'query', query: 'label_values(up, job)', multi: true, includeAll: true },
    ]);
  });

  it('numbers and names each panel once', () => {
    const panels = panelsOf(model);
    expect(new Set(model.panels.map(({ id }) => id)).size).toBe(model.panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    for (const { targets } of panels)
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  });

  it('has no two panels in one place', () => {
    const taken = new Set<string>();
    for (const { gridPos } of model.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect([`${x},${y}`, taken.has(`${x},${y}`)]).toEqual([`${x},${y}`, false]);
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  it('puts labels into its legends that the expressions keep', () => {
    for (const { expr, legendFormat } of panelsOf(model).flatMap(({ targets }) => targets)) {
      const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(', '));
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        const kept = grouped.length === 0 || grouped.includes(label);
        expect([expr, label, kept]).toEqual([expr, label, true]);
      }
    }
  });
});

describe('the panels about an alert', () => {
  const runbooks = 'https://runbooks.example/';
  const linked = dashboardModels(runbooks).flatMap(([, model]) =>
    panelsOf(model).flatMap(({ links = [] }) => links.map(({ url }) => url)),
  );

  it('lead to its runbook', () => {
    const pages = Object.keys(alertsOf(smartEats)).map((alert) => `${runbooks}docs/runbooks/${alert}.md`);
    expect(linked.length).toBeGreaterThan(10);
    for (const url of linked) expect(pages).toContain(url);
  });

  it('name its path where nobody knows the address', () => {
    const all = models.flatMap(([, model]) => panelsOf(model));
    expect(all.flatMap(({ links = [] }) => links)).toEqual([]);
    expect(all.find(({ title }) => title === 'Free disk')?.description).toContain('docs/runbooks/LowDisk.md');
  });

  it('draw its limit', () => {
    const disk = models.flatMap(([, model]) => panelsOf(model)).find(({ title }) => title === 'Free disk');
    expect(disk?.fieldConfig.defaults.thresholds.steps).toEqual([
      { color: 'red', value: null },
      { color: 'green', value: 0.1 },
    ]);
  });
});
