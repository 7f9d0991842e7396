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

interface Wanted {
  readonly isolated: boolean;
  readonly monitoring?: boolean | MonitoringChoice;
}

/** The monitoring of a stack, if it is wanted: on the usual ports as far as they are free, or on any. */
export async function monitoringOf(
  { isolated, monitoring }: Wanted,
  platform: Platform,
  run: RunDirectory,
  addresses: StackAddresses,
  runs: { readonly names: readonly string[]; readonly rabbitmq: number },
): Promise<
  | {
      readonly servers: readonly WatchServer[];
      readonly describe: (notStarted: readonly string[]) => StackMonitoring;
      /** Serves the page of the dashboards, where there is a Prometheus to ask. @returns ends it */
      readonly servePage: () => Promise<() => Promise<void>>;
    }
  | undefined
> {
  if (monitoring === undefined || monitoring === false) return undefined;
  const port = (name: Watcher | 'dashboards') => freePort(isolated ? undefined : usualPorts[name]);
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
      rabbitmq: runs.rabbitmq,
      ...Object.fromEntries(runs.names.map((name) => [name, addresses.ports[name]?.['http'] ?? 0])),
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
