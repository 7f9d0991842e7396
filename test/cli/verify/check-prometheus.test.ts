import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkPanels, checkWatching } from '../../../cli/verify/check-prometheus.ts';
import { gapsOf } from '../../../cli/verify/finding.ts';
import { PrometheusApi } from '../../../cli/verify/prometheus-api.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { scrapeJobsOf } from '../../../workers/platform/scrape-jobs.ts';
import {
  allRules,
  allTargets,
  type StubbedPrometheus,
  someQuery,
  startStubbedPrometheus,
} from './stub-monitoring.ts';

let stub: StubbedPrometheus;
beforeEach(async () => {
  stub = await startStubbedPrometheus();
});
afterEach(() => stub.api.close());

const checks = () => ({
  prometheus: new PrometheusApi(stub.api.url),
  platform: smartEats,
  jobs: scrapeJobsOf(smartEats),
});
const watchingGaps = async () => gapsOf(await checkWatching(checks()));
const panelGaps = async () => gapsOf(await checkPanels(checks()));

describe('what Prometheus watches', () => {
  it('is without a gap while every target is up and every alert evaluated', async () => {
    expect(await watchingGaps()).toEqual([]);
  });

  it('has a gap where a declared target is not known', async () => {
    stub.targets = allTargets.filter(({ labels }) => labels.job !== 'ai-worker');
    expect(await watchingGaps()).toEqual(['targets: ai-worker: Prometheus has no such target']);
  });

  it('has a gap where one of two pages is not asked', async () => {
    stub.targets = allTargets.filter(({ scrapeUrl }) => !scrapeUrl.endsWith('detailed'));
    expect(await watchingGaps()).toEqual(['targets: rabbitmq: Prometheus asks 1 of 2 pages']);
  });

  it('has a gap where one of two pods does not answer, and says why', async () => {
    const down = {
      labels: { job: 'auth-service', instance: '10.0.0.9:4001' },
      scrapeUrl: 'http://10.0.0.9:4001/metrics',
      health: 'down',
      lastError: 'connection refused',
    };
    stub.targets = [...allTargets, down];
    expect(await watchingGaps()).toEqual([
      'targets: auth-service: http://10.0.0.9:4001/metrics is down: connection refused',
    ]);
  });

  it('has a gap where an alert is not loaded, or cannot be evaluated', async () => {
    stub.rules = [
      ...allRules.filter(({ name }) => name !== 'LowDisk' && name !== 'SlowApi'),
      { name: 'SlowApi', health: 'err', lastError: 'many-to-many matching' },
    ];
    expect(await watchingGaps()).toEqual([
      'rules: alerts that are loaded and evaluated: SlowApi is err: many-to-many matching; LowDisk is not loaded',
    ]);
  });
});

describe('the queries of the panels', () => {
  it('have a gap where one cannot be answered', async () => {
    const { panel, expression } = someQuery('Delivery');
    stub.evaluate = (asked) => (asked === expression ? 'parse error' : 1);
    expect(await panelGaps()).toEqual([`panels: queries of Delivery: ${panel}: parse error`]);
  });

  it('have none where there is nothing to show yet, which is said', async () => {
    stub.evaluate = () => 0;
    const findings = await checkPanels(checks());
    expect(gapsOf(findings)).toEqual([]);
    for (const { found } of findings) expect(found).toMatch(/^all \d+ answer, 0 have data now$/);
  });
});
