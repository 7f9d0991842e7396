import { stringify } from 'yaml';
import { alertingRules } from '../../workers/platform/alerts.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import {
  machineScrapeJobsOf,
  pageName,
  type ScrapeJob,
  scrapeIntervalSeconds,
  scrapeTimeoutSeconds,
} from '../../workers/platform/scrape-jobs.ts';

export interface PrometheusFilesOptions {
  readonly platform: Platform;
  /** Port of this machine for each job that there is; a job without one is left out. */
  readonly ports: Readonly<Record<string, number>>;
  /** Port of Alertmanager, where it runs. */
  readonly alertmanager?: number | undefined;
  /** Where the runbooks are found. */
  readonly runbooks: string;
  /** Seconds between two scrapes. @default the declared ones */
  readonly intervalSeconds?: number | undefined;
  /** Multiplies how long an alert must hold before it is told. @default 1 */
  readonly hurry?: number | undefined;
}

/** Prometheus' configuration for the processes of one machine, and the file with its rules. */
export function prometheusFiles(options: PrometheusFilesOptions): {
  readonly 'prometheus.yml': string;
  readonly 'rules.yml': string;
} {
  const { platform, ports, alertmanager, runbooks, hurry, intervalSeconds = scrapeIntervalSeconds } = options;
  const jobs = machineScrapeJobsOf(platform).filter(({ name }) => ports[name] !== undefined);
  return {
    'prometheus.yml': stringify({
      global: {
        scrape_interval: `${intervalSeconds}s`,
        scrape_timeout: `${Math.min(intervalSeconds, scrapeTimeoutSeconds)}s`,
        evaluation_interval: `${intervalSeconds}s`,
      },
      rule_files: ['rules.yml'],
      ...(alertmanager !== undefined && {
        alerting: { alertmanagers: [{ static_configs: [{ targets: [address(alertmanager)] }] }] },
      }),
      scrape_configs: jobs.flatMap((job) => scrapeConfigs(job, ports[job.name] ?? job.port)),
    }),
    'rules.yml': stringify({
      groups: [
        {
          name: 'smarteats',
          rules: alertingRules(platform, { runbooks, ...(hurry !== undefined && { hurry }) }),
        },
      ],
    }),
  };
}

/** One for each page: a job of Prometheus has one path. The label says which job of ours it belongs to. */
function scrapeConfigs({ name, pages }: ScrapeJob, port: number) {
  return pages.map((page, index) => ({
    job_name: index === 0 ? name : `${name}-${pageName(page)}`,
    metrics_path: page.path,
    ...(page.params && { params: page.params }),
    // Our services name themselves, and RabbitMQ its queues, in labels of their own.
    honor_labels: true,
    static_configs: [{ targets: [address(port)], labels: { job: name, endpoint: pageName(page) } }],
  }));
}

function address(port: number): string {
  return `127.0.0.1:${port}`;
}
