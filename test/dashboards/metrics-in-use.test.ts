import { describe, expect, it } from '@jest/globals';
import { panelQueries } from '../../dashboards/queries.ts';
import { alertsOf } from '../../workers/platform/alerts.ts';
import { type MetricDeclaration, metrics } from '../../workers/platform/metrics.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { declaredName, metricNames } from './metric-names.ts';

const expressions = [
  ...panelQueries(smartEats).map(({ expression }) => expression),
  ...Object.values(alertsOf(smartEats)).map(({ expression }) => expression),
];
const used = new Set(expressions.flatMap(metricNames).flatMap((name) => [name, declaredName(name)]));
const declared: Readonly<Record<string, MetricDeclaration>> = metrics;

/** Metrics that are not ours, by how their names begin: a live scrape is asked for them elsewhere. */
const foreign = /^(rabbitmq|redis|node|nodejs|process|kubelet)_|^up$|^ALERTS$/;

describe('the declared metrics', () => {
  it.each(Object.entries(declared))(
    '%s is on a panel or in an alert, or somebody else reads it',
    (name, metric) => {
      expect(used.has(name) || metric.unwatched !== undefined).toBe(true);
    },
  );

  it('are the only ones of ours that panels and alerts name', () => {
    for (const name of expressions.flatMap(metricNames)) {
      if (foreign.test(name) && declared[name] === undefined) continue;
      expect([name, declared[declaredName(name)] !== undefined]).toEqual([name, true]);
    }
  });

  it('are matched by labels that they have', () => {
    for (const expression of expressions) {
      for (const [, name = '', matchers = ''] of expression.matchAll(/([a-z0-9_]+)\{([^}]*)\}/g)) {
        const metric = declared[declaredName(name)];
        if (metric === undefined) continue;
        const labels = [...matchers.matchAll(/(\w+)(?:=|!=|=~|!~)"/g)].map(([, label = '']) => label);
        const known = [...metric.labels, 'service', 'job', 'le'];
        for (const label of labels) expect([expression, known.includes(label)]).toEqual([expression, true]);
      }
    }
  });
});
