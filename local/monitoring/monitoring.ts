import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { alertmanagerConfiguration } from '../../workers/platform/alertmanager.ts';
import { fileSystemsOfTheKernel } from '../../workers/platform/file-systems.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import type { RunDirectory } from '../run-directory.ts';
import { type AlertTargets, alertDelivery } from './alert-delivery.ts';
import { installedWatchers, missingWatchers, type Watcher } from './programs.ts';
import { type PrometheusFilesOptions, prometheusFiles } from './prometheus-files.ts';
import { WatchServer } from './watch-server.ts';

export interface MonitoringOptions {
  readonly platform: Platform;
  readonly run: Pick<RunDirectory, 'path' | 'logFile'>;
  /** A port for each server, and for the page of the dashboards. */
  readonly ports: Readonly<Record<Watcher | 'dashboards', number>>;
  /** Port of each job that is not a watcher's own. */
  readonly jobs: Readonly<Record<string, number>>;
  readonly redisUrl: string;
  readonly alerts: AlertTargets;
  readonly choice?: MonitoringChoice | undefined;
}

/** How the monitoring of a stack differs from the declared one, for those who cannot wait or want to listen. */
export interface MonitoringChoice extends Pick<PrometheusFilesOptions, 'intervalSeconds' | 'hurry'> {
  /** Seconds that alerts are collected before they are told. @default the declared ones */
  readonly groupWaitSeconds?: number;
  /** Who hears of alerts. @default the message catcher */
  readonly alerts?: AlertTargets;
  /** Ports that answer for jobs instead of their own. @default none */
  readonly jobs?: Readonly<Record<string, number>>;
}

/** What watches a stack. */
export interface Monitoring {
  readonly servers: readonly WatchServer[];
  /** URLs of those that are installed. */
  readonly urls: Partial<Readonly<Record<Watcher, string>>>;
  /** What is not installed, as a line for the user. */
  readonly missing?: string | undefined;
}

/**
 * Writes the configuration of everything that watches the stack, as it follows from the declarations. What is not
 * installed is left out, and what asks it does not ask it.
 */
export function createMonitoring(options: MonitoringOptions): Monitoring {
  const installed = installedWatchers();
  const home = join(options.run.path, 'monitoring');
  mkdirSync(home, { recursive: true });
  writeFiles(home, options, installed);
  const urls = Object.fromEntries(
    Object.keys(installed).map((watcher) => [watcher, urlOf(options.ports[watcher as Watcher])]),
  );
  const servers = Object.entries(installed).map(([name, program]) => {
    const watcher = name as Watcher; // The keys of `installed` are watchers.
    return new WatchServer({
      ...commandOf(watcher, options, home),
      name: titles[watcher],
      program,
      directory: home,
      logFile: options.run.logFile(titles[watcher]),
      readyUrl: `${urlOf(options.ports[watcher])}${readyPaths[watcher]}`,
    });
  });
  return { servers, urls, missing: missingWatchers(installed) };
}

const titles: Readonly<Record<Watcher, string>> = {
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  redisExporter: 'redis-exporter',
  nodeExporter: 'node-exporter',
};

const readyPaths: Readonly<Record<Watcher, string>> = {
  prometheus: '/-/ready',
  alertmanager: '/-/ready',
  redisExporter: '/health',
  nodeExporter: '/',
};

function commandOf(watcher: Watcher, { ports, redisUrl }: MonitoringOptions, home: string) {
  const listen = `--web.listen-address=127.0.0.1:${ports[watcher]}`;
  switch (watcher) {
    case 'prometheus':
      return {
        args: [
          listen,
          `--config.file=${join(home, 'prometheus.yml')}`,
          `--storage.tsdb.path=${join(home, 'prometheus')}`,
          '--storage.tsdb.retention.time=2d',
          '--enable-feature=exemplar-storage',
          '--log.level=warn',
        ],
      };
    case 'alertmanager':
      return {
        args: [
          listen,
          `--config.file=${join(home, 'alertmanager.yml')}`,
          `--storage.path=${join(home, 'alertmanager')}`,
          // There is nobody to agree with.
          '--cluster.listen-address=',
          '--log.level=warn',
        ],
      };
    case 'redisExporter':
      return { args: [listen], env: { REDIS_ADDR: redisUrl } };
    case 'nodeExporter':
      return {
        args: [
          listen,
          `--collector.filesystem.fs-types-exclude=${fileSystemsOfTheKernel}`,
          '--log.level=warn',
        ],
      };
  }
}

function writeFiles(
  home: string,
  { platform, ports, jobs, alerts: usual, choice = {} }: MonitoringOptions,
  installed: Partial<Readonly<Record<Watcher, string>>>,
): void {
  const { alerts = usual, groupWaitSeconds, intervalSeconds, hurry } = choice;
  const webhookFile = join(home, 'slack-webhook-url');
  const files = {
    ...prometheusFiles({
      platform,
      ports: {
        ...jobs,
        ...(installed.redisExporter && { 'redis-exporter': ports.redisExporter }),
        ...(installed.nodeExporter && { 'node-exporter': ports.nodeExporter }),
        ...choice.jobs,
      },
      alertmanager: installed.alertmanager === undefined ? undefined : ports.alertmanager,
      runbooks: `${urlOf(ports.dashboards)}/`,
      intervalSeconds,
      hurry,
    }),
    'alertmanager.yml': stringify(
      alertmanagerConfiguration(platform, alertDelivery(alerts, webhookFile, groupWaitSeconds)),
    ),
    'slack-webhook-url': alerts.slackUrl,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text, { mode: 0o600 });
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
