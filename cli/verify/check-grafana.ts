import { z } from 'zod';
import { grafanaDashboards } from '../../dashboards/dashboards.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { type Finding, gathered } from './finding.ts';

/** How Grafana is reached. */
export interface GrafanaAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

const Health = z.object({ status: z.string(), message: z.string().default('') });
const Found = z.object({
  dashboard: z.object({ uid: z.string(), title: z.string(), panels: z.array(z.unknown()) }),
});

/** The data source that the dashboards choose first. */
const datasource = 'prometheus';

/** Makes sure that Grafana reaches Prometheus and has every dashboard with all its panels. */
export async function checkGrafana(platform: Platform, access: GrafanaAccess): Promise<readonly Finding[]> {
  const dashboards = Object.values(grafanaDashboards(platform, ''));
  const gaps = await Promise.all(
    dashboards.map(async ({ uid = '', title = '', panels = [] }) => {
      const response = await ask(access, `dashboards/uid/${uid}`);
      if (response.status === 404) return [`${title} is missing`];
      const found = Found.safeParse(await response.json());
      if (!found.success) return [`${title} cannot be read: ${response.status}`];
      const count = found.data.dashboard.panels.length;
      return count === panels.length ? [] : [`${title} has ${count} panels instead of ${panels.length}`];
    }),
  );
  return [await checkDatasource(access), gathered('grafana', 'dashboards', dashboards.length, gaps.flat())];
}

async function checkDatasource(access: GrafanaAccess): Promise<Finding> {
  const response = await ask(access, `datasources/uid/${datasource}/health`);
  const health = Health.safeParse(await response.json());
  const finding = { area: 'grafana', name: 'data source' } as const;
  if (health.success && health.data.status === 'OK') return { ...finding, found: 'reaches Prometheus' };
  const gap = health.success ? health.data.message : `Grafana answers ${response.status}`;
  return { ...finding, found: 'not usable', gap };
}

async function ask({ url, user, password }: GrafanaAccess, path: string): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const signal = AbortSignal.timeout(15_000);
  return fetch(`${url}/api/${path}`, { headers: { authorization }, signal }).catch((cause: unknown) => {
    throw new PlatformError('MONITORING_UNAVAILABLE', 'Grafana does not answer', { cause });
  });
}
