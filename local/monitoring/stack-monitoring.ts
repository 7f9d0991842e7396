import type { Platform } from '../../workers/platform/platform.ts';
import { serveDashboards } from '../dashboards-page/dashboards-page.ts';
import { freePort, usualPorts } from '../ports.ts';
import type { RunDirectory } from '../run-directory.ts';
import type { StackAddresses } from '../service-environment.ts';
import { createMonitoring, type MonitoringChoice } from './monitoring.ts';
import type { Watcher } from './programs.ts';
import type { WatchServer } from './watch-server.ts';

/** What watches a stack that runs. */
export interface StackMonitoring {
  /** URLs of what runs. */
  readonly urls: Partial<Readonly<Record<Watcher, string>>>;
  /** URL of the page that shows the dashboards, where Prometheus runs. */
  readonly dashboards?: string;
  /** What is missing or did not start, one line each. */
  readonly problems: readonly string[];
}

/** The stack that is to be watched. */
export interface WatchedStack {
  readonly platform: Platform;
  readonly run: RunDirectory;
  readonly addresses: StackAddresses;
  /** The services that run. */
  readonly names: readonly string[];
  /** Whether the usual ports are for this stack, as far as they are free. */
  readonly usual: boolean;
  /** Port on which RabbitMQ tells its metrics. */
  readonly rabbitmqMetrics: number;
}

/** Monitoring that is ready to be started. */
export interface PreparedMonitoring {
  readonly servers: readonly WatchServer[];
  /** Serves the page of the dashboards, where there is a Prometheus to ask. @returns ends it */
  servePage(): Promise<() => Promise<void>>;
  /** @param notStarted the servers that did not start, one line each */
  describe(notStarted: readonly string[]): StackMonitoring;
}

/** The monitoring of a stack, if it is wanted. */
export async function monitoringOf(
  monitoring: boolean | MonitoringChoice | undefined,
  stack: WatchedStack,
): Promise<PreparedMonitoring | undefined> {
  if (monitoring === undefined || monitoring === false) return undefined;
  const { platform, run, addresses, names, usual, rabbitmqMetrics } = stack;
  const port = (name: Watcher | 'dashboards') => freePort(usual ? usualPorts[name] : undefined);
  const ports = {
    dashboards: await port('dashboards'),
    prometheus: await port('prometheus'),
    alertmanager: await port('alertmanager'),
    redisExporter: await port('redisExporter'),
    nodeExporter: await port('nodeExporter'),
  };
  const catcher = addresses.ports['message-catcher'];
  const { servers, urls, missing } = createMonitoring({
    platform,
    run,
    ports,
    jobs: {
      rabbitmq: rabbitmqMetrics,
      ...Object.fromEntries(names.map((name) => [name, addresses.ports[name]?.['http'] ?? 0])),
    },
    redisUrl: addresses.redisUrl,
    alerts: {
      smarthost: `127.0.0.1:${catcher?.['smtp']}`,
      slackUrl: `http://127.0.0.1:${catcher?.['http']}/slack`,
    },
    choice: monitoring === true ? undefined : monitoring,
  });
  return {
    servers,
    servePage: async () => {
      if (urls.prometheus === undefined) return async () => {};
      const { prometheus } = urls;
      const page = await serveDashboards({ platform, port: ports.dashboards, prometheus });
      return () => page.close();
    },
    describe: (notStarted) => ({
      urls,
      ...(urls.prometheus !== undefined && { dashboards: `http://127.0.0.1:${ports.dashboards}` }),
      problems: [...(missing === undefined ? [] : [missing]), ...notStarted],
    }),
  };
}
