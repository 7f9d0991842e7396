import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { gapsOf, renderFindings } from '../../../cli/verify/finding.ts';
import { announceStack, findStack } from '../../../cli/verify/local-platform.ts';
import { verify } from '../../../cli/verify/verify.ts';
import type { LocalStack } from '../../../local/local-stack.ts';
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
  const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-verify-'));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  // What announcing needs of a stack.
  const stack = {
    directory,
    management: { url: 'http://127.0.0.1:15672', user: 'smarteats', password: 'secret' },
    monitoring: { urls: { prometheus: 'http://127.0.0.1:9090' }, problems: [] },
  } as unknown as LocalStack;

  it('is found while it runs, by its owner alone', () => {
    announceStack(stack);
    expect(findStack(directory)).toMatchObject({
      prometheus: 'http://127.0.0.1:9090',
      broker: { user: 'smarteats', password: 'secret' },
    });
    expect(statSync(join(directory, 'addresses.json')).mode & 0o077).toBe(0);
  });

  it('is not found where none runs, or where what it left cannot be read', () => {
    const missing = expect.objectContaining({ code: 'LOCAL_STACK_NOT_RUNNING' });
    expect(() => findStack(directory)).toThrow(missing);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'addresses.json'), '{"prometheus": 5}');
    expect(() => findStack(directory)).toThrow(missing);
  });
});
