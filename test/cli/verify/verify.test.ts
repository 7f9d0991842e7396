import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { gapsOf, renderFindings } from '../../../cli/verify/finding.ts';
import { findStack } from '../../../cli/verify/local-platform.ts';
import { verify } from '../../../cli/verify/verify.ts';
import { announceStack } from '../../../local/running-stack.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { scrapeJobsOf } from '../../../workers/platform/scrape-jobs.ts';
import { startStubbedPrometheus } from './stub-monitoring.ts';

const jobs = scrapeJobsOf(smartEats);

describe('verify', () => {
  it('finds a gap where there is no Prometheus, and says why there is none', async () => {
    const findings = await verify({
      platform: smartEats,
      prometheus: { absent: 'Not installed: Prometheus' },
      jobs,
    });
    expect(gapsOf(findings)).toEqual(['targets: Prometheus: Not installed: Prometheus']);
    expect(renderFindings(findings)).toContain('GAP: not there');
  });

  it('finds a gap where a part does not answer, and looks at the others all the same', async () => {
    const prometheus = await startStubbedPrometheus();
    try {
      const nobody = { url: 'http://127.0.0.1:9', user: 'me', password: 'pw' };
      const findings = await verify({
        platform: smartEats,
        prometheus: prometheus.api.url,
        jobs,
        broker: nobody,
        grafana: { absent: 'no pod of grafana is ready' },
      });
      expect(gapsOf(findings)).toEqual([
        "broker: RabbitMQ: RabbitMQ's management API does not answer",
        'grafana: Grafana: no pod of grafana is ready',
      ]);
      expect(findings.filter(({ area }) => area === 'targets')).toHaveLength(jobs.length);
    } finally {
      prometheus.api.close();
    }
  });

  it('asks nothing of a broker and a Grafana that are not the platform’s own', async () => {
    const prometheus = await startStubbedPrometheus();
    const findings = await verify({ platform: smartEats, prometheus: prometheus.api.url, jobs });
    prometheus.api.close();
    expect(new Set(findings.map(({ area }) => area))).toEqual(new Set(['targets', 'rules', 'panels']));
    expect(gapsOf(findings)).toEqual([]);
  });
});

describe('the stack of a checkout', () => {
  const run = mkdtempSync(join(tmpdir(), 'smarteats-test-verify-'));
  afterEach(() => rmSync(run, { recursive: true, force: true }));

  it('is what its own note says', () => {
    const withdraw = announceStack(run, {
      redisUrl: 'redis://127.0.0.1:6379',
      amqpUrl: 'amqp://127.0.0.1:5672',
      management: { url: 'http://127.0.0.1:15672', user: 'smarteats', password: 'secret' },
      monitoring: { urls: { prometheus: 'http://127.0.0.1:9090' }, problems: [] },
    });
    expect(findStack(run)).toMatchObject({
      prometheus: 'http://127.0.0.1:9090',
      broker: { user: 'smarteats', password: 'secret' },
    });
    withdraw();
  });

  it('is not found where none runs', () => {
    expect(() => findStack(run)).toThrow(expect.objectContaining({ code: 'LOCAL_STACK_NOT_RUNNING' }));
  });
});
