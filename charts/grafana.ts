import { Yaml } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { grafanaDashboards } from '../dashboards/dashboards.ts';
import type { Platform } from '../workers/platform/platform.ts';
import { scrapeIntervalSeconds } from '../workers/platform/scrape-jobs.ts';
import { workloadLabels } from './labels.ts';
import type { Profile } from './profile.ts';
import { grafanaPort, prometheusPort } from './providers.ts';
import { nobodyIdentity } from './restricted.ts';
import { addStatelessServer, httpProbe } from './server.ts';
import { scratchVolume } from './size.ts';
import { SystemChart } from './system-chart.ts';

const name = 'grafana';
const labels = workloadLabels(name, 'monitoring');
const dashboardsDirectory = '/etc/grafana/dashboards';

/**
 * Grafana with the platform's data source and dashboards. It keeps nothing: what is changed by hand is gone with the
 * pod, what is to stay is declared.
 */
export class GrafanaChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    const dashboards = grafanaDashboards(platform, profile.runbooks);
    const files = filesOf(Object.keys(dashboards));
    new k8s.KubeConfigMap(this, 'configuration', { metadata: { name, labels }, data: files });
    const provided = Object.entries(dashboards).map(([key, dashboard]) => {
      const configMap = `grafana-dashboard-${key}`;
      new k8s.KubeConfigMap(this, configMap, {
        metadata: { name: configMap, labels: { ...labels, grafana_dashboard: '1' } },
        data: { [`${key}.json`]: `${JSON.stringify(dashboard, null, 2)}\n` },
      });
      return {
        volume: { name: `dashboard-${key}`, configMap: { name: configMap } },
        mount: { name: `dashboard-${key}`, mountPath: `${dashboardsDirectory}/${key}`, readOnly: true },
      };
    });
    addStatelessServer(this, name, {
      ...profile.grafana,
      component: 'monitoring',
      identity: nobodyIdentity,
      port: { name: 'http', number: grafanaPort },
      env: [
        { name: 'GF_SECURITY_ADMIN_USER', value: 'admin' },
        {
          name: 'GF_SECURITY_ADMIN_PASSWORD',
          valueFrom: { secretKeyRef: { name, key: 'GF_SECURITY_ADMIN_PASSWORD' } },
        },
      ],
      probes,
      files,
      volumes: [
        { name: 'configuration', configMap: { name } },
        scratchVolume('data', 128),
        scratchVolume('tmp', 32),
        ...provided.map(({ volume }) => volume),
      ],
      volumeMounts: [
        mounted('grafana.ini', '/etc/grafana/grafana.ini'),
        mounted('datasources.yaml', '/etc/grafana/provisioning/datasources/smarteats.yaml'),
        mounted('dashboards.yaml', '/etc/grafana/provisioning/dashboards/smarteats.yaml'),
        { name: 'data', mountPath: '/var/lib/grafana' },
        { name: 'tmp', mountPath: '/tmp' },
        ...provided.map(({ mount }) => mount),
      ],
    });
  }
}

/** Ready once its own database is; alive as long as it answers at all. The first start fills the database. */
const probes = {
  startupProbe: {
    ...httpProbe('/healthz', 'http'),
    periodSeconds: 5,
    timeoutSeconds: 3,
    failureThreshold: 36,
  },
  readinessProbe: { ...httpProbe('/api/health', 'http'), periodSeconds: 5, timeoutSeconds: 3 },
  livenessProbe: {
    ...httpProbe('/healthz', 'http'),
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 6,
  },
};

/** Nothing is fetched from outside or told to it, and nobody signs up. */
const settings = (names: readonly string[]) => ({
  analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
  'auth.anonymous': { enabled: false },
  dashboards: { default_home_dashboard_path: homeDashboard(names) },
  log: { mode: 'console' },
  news: { news_feed_enabled: false },
  plugins: { plugin_admin_enabled: false, preinstall_disabled: true },
  users: { allow_sign_up: false },
});

function homeDashboard([first = '']: readonly string[]): string {
  return `${dashboardsDirectory}/${first}/${first}.json`;
}

const filesOf = (names: readonly string[]) => ({
  'grafana.ini': Object.entries(settings(names))
    .map(([section, values]) => [
      `[${section}]`,
      ...Object.entries(values).map(([key, value]) => `${key} = ${value}`),
    ])
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n'),
  'datasources.yaml': Yaml.stringify({
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        uid: 'prometheus',
        type: 'prometheus',
        access: 'proxy',
        url: `http://prometheus:${prometheusPort}`,
        isDefault: true,
        editable: false,
        jsonData: { httpMethod: 'POST', timeInterval: `${scrapeIntervalSeconds}s` },
      },
    ],
  }),
  'dashboards.yaml': Yaml.stringify({
    apiVersion: 1,
    providers: [
      {
        name: 'smarteats',
        folder: 'SmartEats',
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        updateIntervalSeconds: 30,
        options: { path: dashboardsDirectory },
      },
    ],
  }),
});

function mounted(subPath: string, mountPath: string): k8s.VolumeMount {
  return { name: 'configuration', subPath, mountPath, readOnly: true };
}
