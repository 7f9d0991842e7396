import { parse, stringify } from 'yaml';
import type { ClusterObject } from '../../cli/cluster/cluster-object.ts';

interface Relabeling {
  readonly action?: string;
  readonly sourceLabels?: readonly string[];
  readonly targetLabel?: string;
  readonly regex?: string;
  readonly replacement?: string;
}

interface MonitorSpec {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly namespaceSelector?: { readonly matchNames: readonly string[] };
  readonly endpoints: readonly {
    readonly port: string;
    readonly path: string;
    readonly interval: string;
    readonly scrapeTimeout: string;
    readonly honorLabels: boolean;
    readonly params?: Readonly<Record<string, readonly string[]>>;
    readonly relabelings?: readonly Relabeling[];
  }[];
}

interface PrometheusSpec {
  readonly scrapeInterval: string;
  readonly additionalScrapeConfigs?: { readonly name: string; readonly key: string };
}

/**
 * The files that prometheus-operator 0.93 makes Prometheus' configuration of: a job for each endpoint of each
 * ServiceMonitor, found by EndpointSlices, then the scrapes of the additional Secret. What it would add for objects that
 * the platform does not have is left out.
 */
export function prometheusConfiguration(objects: readonly ClusterObject[]): Readonly<Record<string, string>> {
  // The synthesis has checked every object by its schema.
  const specs = <T>(kind: string) =>
    objects
      .filter((object) => object.kind === kind)
      .map(({ metadata, ...rest }) => ({ metadata, spec: rest['spec'] as T }));
  const [prometheus] = specs<PrometheusSpec>('Prometheus');
  if (prometheus === undefined) throw new Error('there is no Prometheus');
  const monitors = specs<MonitorSpec>('ServiceMonitor');
  const groups = specs<{ readonly groups: readonly object[] }>('PrometheusRule').flatMap(
    ({ spec }) => spec.groups,
  );
  return {
    'prometheus.yml': stringify({
      global: { scrape_interval: prometheus.spec.scrapeInterval },
      rule_files: ['/etc/prometheus/rules.yml'],
      scrape_configs: [
        ...monitors.flatMap(({ metadata, spec }) => jobsOf(metadata, spec)),
        ...additionalJobs(objects, prometheus.spec),
      ],
    }),
    'rules.yml': stringify({ groups }),
  };
}

function jobsOf({ name, namespace = '' }: ClusterObject['metadata'], spec: MonitorSpec) {
  const namespaces = spec.namespaceSelector?.matchNames ?? [namespace];
  return spec.endpoints.map((endpoint, index) => ({
    job_name: `serviceMonitor/${namespace}/${name}/${index}`,
    honor_labels: endpoint.honorLabels,
    scrape_interval: endpoint.interval,
    scrape_timeout: endpoint.scrapeTimeout,
    metrics_path: endpoint.path,
    ...(endpoint.params && { params: endpoint.params }),
    kubernetes_sd_configs: [{ role: 'endpointslice', namespaces: { names: namespaces } }],
    relabel_configs: [
      ...Object.entries(spec.selector.matchLabels).map(([label, value]) =>
        keep([`__meta_kubernetes_service_label_${label.replaceAll(/[^A-Za-z0-9_]/g, '_')}`], value),
      ),
      keep(['__meta_kubernetes_endpointslice_port_name'], endpoint.port),
      ...['namespace', 'pod'].map((of) => set(of, `__meta_kubernetes_${of === 'pod' ? 'pod_name' : of}`)),
      set('service', '__meta_kubernetes_service_name'),
      set('job', '__meta_kubernetes_service_name'),
      { target_label: 'endpoint', replacement: endpoint.port },
      ...(endpoint.relabelings ?? []).map(written),
    ],
  }));
}

function additionalJobs(
  objects: readonly ClusterObject[],
  { additionalScrapeConfigs: file }: PrometheusSpec,
): readonly object[] {
  if (file === undefined) return [];
  const secret = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === file.name);
  // A Secret's data are texts in base64.
  const { [file.key]: text = '' } = (secret?.['data'] ?? {}) as Readonly<Record<string, string>>;
  return parse(Buffer.from(text, 'base64').toString('utf8'));
}

function keep(source_labels: readonly string[], regex: string) {
  return { action: 'keep', source_labels, regex };
}

function set(target_label: string, source: string) {
  return { target_label, source_labels: [source] };
}

function written({ action, sourceLabels, targetLabel, regex, replacement }: Relabeling) {
  const fields = { action, source_labels: sourceLabels, target_label: targetLabel, regex, replacement };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
