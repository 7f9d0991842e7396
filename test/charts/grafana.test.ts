import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Yaml } from 'cdk8s';
import { dashboards } from '../../charts/dashboards/dashboards.ts';
import type { ServiceSpec } from '../../charts/validation/manifest.ts';
import { metrics } from '../../workers/platform/metrics.ts';
import { manifestsOf } from './manifests.ts';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly datasource: { readonly uid: string };
  readonly targets: readonly { readonly expr: string }[];
  readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
}

interface DashboardModel {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

const kind = manifestsOf();
const files = kind.get('ConfigMap', 'grafana').data ?? {};
const mountsOf = () => kind.container('grafana').volumeMounts ?? [];

/** What Grafana reads from one of its YAML files; `Yaml` reads files only. */
function provisioned<T>(name: string): T {
  const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-grafana-'));
  try {
    const file = join(directory, name);
    writeFileSync(file, files[name] ?? '');
    const [content] = Yaml.load(file) as [T];
    return content;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe('Grafana in the cluster', () => {
  it('asks the Prometheus beside it', () => {
    const { datasources } = provisioned<{ datasources: readonly Record<string, unknown>[] }>(
      'datasources.yaml',
    );
    expect(datasources).toHaveLength(1);
    expect(datasources[0]).toMatchObject({ type: 'prometheus', isDefault: true, editable: false });
    const { hostname, port } = new URL(String(datasources[0]?.['url']));
    expect(kind.spec<ServiceSpec>('Service', hostname).ports?.map((each) => each.port)).toEqual([
      Number(port),
    ]);
  });

  it('reads each file where Grafana looks for it', () => {
    const paths = Object.fromEntries(
      mountsOf()
        .filter(({ name }) => name === 'configuration')
        .map(({ subPath, mountPath }) => [subPath, mountPath]),
    );
    expect(Object.keys(paths).sort()).toEqual(Object.keys(files).sort());
    expect(paths['grafana.ini']).toBe('/etc/grafana/grafana.ini');
    expect(paths['datasources.yaml']).toMatch(/^\/etc\/grafana\/provisioning\/datasources\//);
    expect(paths['dashboards.yaml']).toMatch(/^\/etc\/grafana\/provisioning\/dashboards\//);
  });

  it('finds every declared dashboard in a ConfigMap that is labelled as one', () => {
    const { providers } = provisioned<{ providers: readonly { options: { path: string } }[] }>(
      'dashboards.yaml',
    );
    for (const name of Object.keys(dashboards)) {
      const { metadata, data } = kind.get('ConfigMap', `grafana-dashboard-${name}`);
      expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
      expect(Object.keys(data ?? {})).toEqual([`${name}.json`]);
      expect(mountsOf().map(({ mountPath }) => mountPath)).toContain(`${providers[0]?.options.path}/${name}`);
    }
    expect(files['grafana.ini']).toContain(
      `default_home_dashboard_path = ${providers[0]?.options.path}/queues-and-orders/queues-and-orders.json`,
    );
  });

  it('takes the password of its administrator from a Secret', () => {
    const reference = kind.variable('grafana', 'GF_SECURITY_ADMIN_PASSWORD')?.valueFrom?.secretKeyRef;
    expect(reference).toEqual({ name: 'grafana', key: 'GF_SECURITY_ADMIN_PASSWORD' });
    expect(kind.get('Secret', 'grafana').stringData).toHaveProperty('GF_SECURITY_ADMIN_PASSWORD');
  });

  it('fetches nothing from outside, where its network policy would not let it', () => {
    for (const line of [
      'reporting_enabled = false',
      'check_for_updates = false',
      'preinstall_disabled = true',
      'news_feed_enabled = false',
    ])
      expect(files['grafana.ini']?.split('\n')).toContain(line);
  });

  it('writes only to directories that go with the pod', () => {
    const scratch = (kind.pod('grafana').volumes ?? []).filter((volume) => 'emptyDir' in volume);
    const written = mountsOf().filter(({ name }) => scratch.some((volume) => volume.name === name));
    expect(written.map(({ mountPath }) => mountPath)).toEqual(['/var/lib/grafana', '/tmp']);
  });
});

describe('a dashboard', () => {
  const models = Object.entries(dashboards).map(([name]): [string, DashboardModel] => [
    name,
    JSON.parse(kind.get('ConfigMap', `grafana-dashboard-${name}`).data?.[`${name}.json`] ?? ''),
  ]);

  it.each(models)('%s has an address that stays, and panels that each say what they show', (name, model) => {
    expect(model.uid).toBe(`smarteats-${name}`);
    expect(new Set(model.panels.map(({ id }) => id)).size).toBe(model.panels.length);
    for (const { title, description, fieldConfig, targets } of model.panels) {
      expect([
        title,
        description !== '',
        fieldConfig.defaults.unit !== undefined,
        targets.length > 0,
      ]).toEqual([title, true, true, true]);
    }
  });

  it.each(models)('%s lets the reader choose the Prometheus that all its panels ask', (_, model) => {
    const [variable] = model.templating.list;
    expect(variable).toMatchObject({ query: 'prometheus' });
    for (const { datasource } of model.panels) expect(datasource.uid).toBe(`\${${variable?.name}}`);
  });

  it.each(models)(
    '%s names only metrics that are declared, with labels that they have, or RabbitMQ’s',
    (_, model) => {
      const declared: Readonly<Record<string, { readonly labels: readonly string[] }>> = metrics;
      for (const { expr } of model.panels.flatMap(({ targets }) => targets)) {
        const named = [...expr.matchAll(/[a-z]+(?:_[a-z]+){1,}/g)]
          .map(([word]) => word)
          .filter((word) => word !== 'histogram_quantile');
        expect([expr, named.length]).toEqual([expr, 1]);
        for (const metric of named) {
          const base = metric.replace(/_bucket$/, '');
          if (base.startsWith('rabbitmq_detailed_')) continue;
          expect(Object.keys(declared)).toContain(base);
          const grouped = /by \(([^)]*)\)/.exec(expr)?.[1]?.split(', ') ?? [];
          expect([...(declared[base]?.labels ?? []), 'le']).toEqual(expect.arrayContaining(grouped));
        }
      }
    },
  );
});
