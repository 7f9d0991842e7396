import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { prometheusFiles } from '../../local/monitoring/prometheus-files.ts';
import { type AlertingRule, alertingRules, alertsOf } from '../../workers/platform/alerts.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { scrapeJobsOf } from '../../workers/platform/scrape-jobs.ts';
import type { AlertCase, AlertCases, Series } from './alert-case.ts';
import { apiCases } from './cases/api.ts';
import { queueCases } from './cases/queues.ts';
import { serverCases } from './cases/servers.ts';
import { type Checked, check } from './promtool.ts';

const cases: AlertCases = { ...apiCases, ...queueCases, ...serverCases };
const runbooks = 'https://runbooks.example/';
const rules = new Map(alertingRules(smartEats, { runbooks }).map((rule) => [rule.alert, rule]));
const ports = Object.fromEntries(scrapeJobsOf(smartEats).map(({ name, port }) => [name, port]));
const files = prometheusFiles({ platform: smartEats, ports, alertmanager: 9093, runbooks });

interface Expected {
  readonly labels: Readonly<Record<string, string>>;
  readonly says: string;
}

/** Lets promtool evaluate one rule over some series, and compare what is told at a time. */
function tell(rule: AlertingRule, series: Series, at: string, expected?: Expected): Checked {
  const { summary = '', runbook_url = '' } = rule.annotations;
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: '15s',
    tests: [
      {
        interval: '15s',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          {
            eval_time: at,
            alertname: rule.alert,
            exp_alerts: expected
              ? [
                  {
                    exp_labels: { ...rule.labels, ...expected.labels },
                    exp_annotations: { summary, runbook_url, description: expected.says },
                  },
                ]
              : [],
          },
        ],
      },
    ],
  };
  return check('promtool', ['test', 'rules', 'test.yml'], {
    'rules.yml': files['rules.yml'],
    'test.yml': stringify(test),
  });
}

const silent = (rule: AlertingRule, series: Series, at: string) => tell(rule, series, at);
const fine = { ok: true, output: expect.stringContaining('SUCCESS') };

describe('the files of Prometheus', () => {
  it('are what promtool takes for correct', () => {
    expect(check('promtool', ['check', 'config', 'prometheus.yml'], files)).toMatchObject(fine);
  });

  it('would be refused with an expression that is none', () => {
    const broken = {
      ...files,
      'rules.yml': files['rules.yml'].replace('sum by (service)', 'sum by service)'),
    };
    expect(check('promtool', ['check', 'config', 'prometheus.yml'], broken).ok).toBe(false);
  });

  it('have cases for every alert', () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(alertsOf(smartEats)).sort());
  });
});

describe.each(Object.entries<AlertCase>(cases))(
  'the alert %s',
  (name, { fires, firesToo = [], boundary, quiet }) => {
    const rule = rules.get(name) as AlertingRule; // The test above finds an alert without a rule.

    it('is told, with its receivers, its runbook and the values', () => {
      expect(tell(rule, fires.series, fires.at, fires)).toMatchObject(fine);
    });

    for (const also of firesToo)
      it(`is told when ${also.why}`, () => {
        expect(tell(rule, also.series, also.at, also)).toMatchObject(fine);
      });

    it('is not told before it has held for as long as declared', () => {
      const seconds = Number.parseInt(rule.for, 10);
      if (seconds > 0) expect(silent(rule, fires.series, `${seconds - 15}s`)).toMatchObject(fine);
      // Promtool does compare: expecting nothing when it is told must fail.
      expect(silent(rule, fires.series, fires.at).ok).toBe(false);
    });

    it('is not told at its limit', () => {
      expect(silent(rule, boundary.series, boundary.at)).toMatchObject(fine);
    });

    it.each([...quiet])('is not told when $why', ({ series, at }) => {
      expect(silent(rule, series, at)).toMatchObject(fine);
    });
  },
);
