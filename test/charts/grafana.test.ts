import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Yaml } from 'cdk8s';
import type { ServiceSpec } from '../../charts/validation/manifest.ts';
import { dashboardsOf } from '../../dashboards/dashboards.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { manifestsOf } from './manifests.ts';

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
    for (const { name } of dashboardsOf(smartEats)) {
      const { metadata, data } = kind.get('ConfigMap', `grafana-dashboard-${name}`);
      expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
      expect(Object.keys(data ?? {})).toEqual([`${name}.json`]);
      expect(mountsOf().map(({ mountPath }) => mountPath)).toContain(`${providers[0]?.options.path}/${name}`);
    }
    expect(files['grafana.ini']).toContain(
      `default_home_dashboard_path = ${providers[0]?.options.path}/system-health/system-health.json`,
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
