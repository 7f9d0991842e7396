import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { prometheusFiles } from '../../../local/monitoring/prometheus-files.ts';
import { smartEats } from '../../../workers/platform/platform.ts';

interface ScrapeConfig {
  readonly job_name: string;
  readonly metrics_path: string;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly static_configs: readonly {
    readonly targets: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

const ports = { 'order-service': 20_003, rabbitmq: 20_692 };
const base = { platform: smartEats, ports, runbooks: '' };
const configOf = (options: Parameters<typeof prometheusFiles>[0]) =>
  parse(prometheusFiles(options)['prometheus.yml']) as {
    readonly global: Readonly<Record<string, string>>;
    readonly alerting?: unknown;
    readonly scrape_configs: readonly ScrapeConfig[];
  };

describe('the configuration of Prometheus on one machine', () => {
  it('asks what runs at the port it has, and nothing else', () => {
    const { scrape_configs } = configOf(base);
    expect(
      scrape_configs.map(({ job_name, static_configs }) => [job_name, static_configs[0]?.targets]),
    ).toEqual([
      ['order-service', ['127.0.0.1:20003']],
      ['rabbitmq', ['127.0.0.1:20692']],
      ['rabbitmq-metrics-detailed', ['127.0.0.1:20692']],
    ]);
  });

  it('gives both pages of RabbitMQ the job that the alerts name, as two targets', () => {
    const pages = configOf(base).scrape_configs.slice(1);
    expect(pages.map(({ static_configs }) => static_configs[0]?.labels)).toEqual([
      { job: 'rabbitmq', endpoint: 'metrics' },
      { job: 'rabbitmq', endpoint: 'metrics-detailed' },
    ]);
    expect(pages[1]?.params).toEqual({ family: ['queue_coarse_metrics', 'queue_consumer_count'] });
  });

  it('asks every 15 seconds unless told otherwise', () => {
    expect(configOf(base).global['scrape_interval']).toBe('15s');
    expect(configOf({ ...base, intervalSeconds: 1 }).global).toMatchObject({
      scrape_interval: '1s',
      scrape_timeout: '1s',
      evaluation_interval: '1s',
    });
  });

  it('hands alerts to Alertmanager where there is one', () => {
    expect(configOf(base).alerting).toBeUndefined();
    expect(configOf({ ...base, alertmanager: 20_093 }).alerting).toEqual({
      alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:20093'] }] }],
    });
  });
});
