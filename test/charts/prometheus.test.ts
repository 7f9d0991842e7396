import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import type { ServiceSpec } from '../../charts/validation/manifest.ts';
import { alertsOf } from '../../workers/platform/alerts.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { extendedPlatform } from './extended-platform.ts';
import { type Manifests, manifestsOf } from './manifests.ts';

interface MonitorSpec {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly endpoints: readonly {
    readonly port: string;
    readonly path: string;
    readonly interval: string;
    readonly params?: Readonly<Record<string, readonly string[]>>;
    readonly relabelings?: readonly { readonly targetLabel: string; readonly replacement: string }[];
  }[];
}

interface PrometheusSpec {
  readonly replicas: number;
  readonly retention: string;
  readonly retentionSize: string;
  readonly version: string;
  readonly image: string;
  readonly serviceAccountName: string;
  readonly storage: {
    readonly volumeClaimTemplate: {
      readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
    };
  };
  readonly [field: string]: unknown;
}

const kind = manifestsOf();
const production = manifestsOf(defineProfile('production'));
const prometheus = (manifests: Manifests) => manifests.spec<PrometheusSpec>('Prometheus', 'smarteats');
const alertmanager = (manifests: Manifests) => manifests.spec<PrometheusSpec>('Alertmanager', 'smarteats');
const monitor = (manifests: Manifests, name: string) => manifests.spec<MonitorSpec>('ServiceMonitor', name);

/** The ports that a monitor leads to, as `Service:number/path`. */
function targets(manifests: Manifests, name: string): readonly string[] {
  const { selector, endpoints } = monitor(manifests, name);
  return endpoints.flatMap(({ port, path }) =>
    manifests
      .ofKind('Service')
      .filter(({ metadata }) =>
        Object.entries(selector.matchLabels).every(([label, value]) => metadata.labels?.[label] === value),
      )
      .flatMap(({ metadata }) =>
        (manifests.spec<ServiceSpec>('Service', metadata.name).ports ?? [])
          .filter((each) => each.name === port)
          .map((each) => `${metadata.name}:${each.port}${path}`),
      ),
  );
}

describe('what Prometheus watches', () => {
  // The beat of a local stack is no part of a cluster.
  const { beat: _, ...services } = smartEats.services;

  it('is every service, Redis, RabbitMQ and the nodes, every 15 seconds', () => {
    expect([...kind.names('ServiceMonitor')].sort()).toEqual(
      ['redis-exporter', 'rabbitmq', 'node-exporter', ...Object.keys(services)].sort(),
    );
    for (const name of kind.names('ServiceMonitor'))
      for (const { interval } of monitor(kind, name).endpoints)
        expect([name, interval]).toEqual([name, '15s']);
  });

  it('is at the declared port of each service', () => {
    for (const [name, { port }] of Object.entries(services))
      expect(targets(kind, name)).toEqual([`${name}:${port}/metrics`]);
  });

  it('is Redis through its exporter', () => {
    expect(targets(kind, 'redis-exporter')).toEqual(['redis-exporter:9121/metrics']);
  });

  it('is RabbitMQ as a whole and each of its queues, as two targets that can be told apart', () => {
    expect(targets(kind, 'rabbitmq')).toEqual(['rabbitmq:15692/metrics', 'rabbitmq:15692/metrics/detailed']);
    const [whole, queues] = monitor(kind, 'rabbitmq').endpoints;
    expect(queues?.params).toEqual({ family: ['queue_coarse_metrics', 'queue_consumer_count'] });
    expect(whole?.relabelings).toBeUndefined();
    expect(queues?.relabelings).toEqual([
      { action: 'replace', targetLabel: 'endpoint', replacement: 'metrics-detailed' },
    ]);
  });

  it('includes a service that was only declared', () => {
    const extended = manifestsOf(defineProfile('kind'), extendedPlatform);
    expect(targets(extended, 'loyalty-service')).toEqual(['loyalty-service:4006/metrics']);
  });

  it('leaves out what is not in the cluster, but not a managed Redis', () => {
    const outside = manifestsOf(defineProfile('production', { outside: { redis: {}, rabbitmq: {} } }));
    expect(outside.names('ServiceMonitor')).not.toContain('rabbitmq');
    expect(outside.names('ServiceMonitor')).not.toContain('payment-sandbox');
    expect(targets(outside, 'redis-exporter')).toEqual(['redis-exporter:9121/metrics']);
  });

  it('is found by the labels that the profile names', () => {
    const labels = { release: 'cluster-monitoring' };
    const manifests = manifestsOf(defineProfile('production', { monitorLabels: labels }));
    for (const each of [...manifests.ofKind('ServiceMonitor'), ...manifests.ofKind('PrometheusRule')])
      expect(each.metadata.labels).toMatchObject(labels);
    expect(prometheus(manifests)).toMatchObject({
      serviceMonitorSelector: { matchLabels: labels },
      ruleSelector: { matchLabels: labels },
    });
  });
});

describe('Prometheus', () => {
  it('is one pod on kind and two in production', () => {
    expect([prometheus(kind).replicas, prometheus(production).replicas]).toEqual([1, 2]);
    expect([alertmanager(kind).replicas, alertmanager(production).replicas]).toEqual([1, 2]);
  });

  it('forgets before its volume is full, and its volume is of the size and class of the profile', () => {
    const manifests = manifestsOf(
      defineProfile('production', { storageClass: 'fast', prometheus: { storageGiB: 8, retentionDays: 30 } }),
    );
    const { retention, retentionSize, storage } = prometheus(manifests);
    expect([retention, retentionSize]).toEqual(['30d', '6144MB']);
    expect(storage.volumeClaimTemplate.spec).toMatchObject({
      storageClassName: 'fast',
      resources: { requests: { storage: '8Gi' } },
    });
  });

  it('says the version of its image, by which the operator goes', () => {
    for (const { image, version } of [prometheus(kind), alertmanager(kind)]) {
      expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
      expect(image.endsWith(`:${version}`)).toBe(true);
    }
  });

  it('may see where the pods of the namespace are and nothing else', () => {
    const role = kind.get('Role', 'prometheus') as unknown as {
      rules: readonly {
        apiGroups: readonly string[];
        resources: readonly string[];
        verbs: readonly string[];
      }[];
    };
    expect(
      role.rules.flatMap(({ apiGroups, resources }) => resources.map((each) => `${apiGroups}/${each}`)),
    ).toEqual(['/services', '/endpoints', '/pods', 'discovery.k8s.io/endpointslices']);
    for (const { verbs } of role.rules) expect(verbs).toEqual(['get', 'list', 'watch']);
    expect(kind.get('RoleBinding', 'prometheus')).toMatchObject({
      roleRef: { kind: 'Role', name: 'prometheus' },
      subjects: [{ kind: 'ServiceAccount', name: 'prometheus', namespace: 'smarteats' }],
    });
    expect(prometheus(kind)).toMatchObject({
      serviceAccountName: 'prometheus',
      automountServiceAccountToken: true,
      serviceDiscoveryRole: 'EndpointSlice',
    });
  });

  it('hands alerts to the Alertmanager beside it, which has no token', () => {
    expect(prometheus(kind)).toMatchObject({
      alerting: { alertmanagers: [{ namespace: 'smarteats', name: 'alertmanager', port: 'web' }] },
    });
    expect(kind.spec<ServiceSpec>('Service', 'alertmanager').ports).toMatchObject([
      { name: 'web', port: 9093 },
    ]);
    expect(alertmanager(kind)).toMatchObject({
      serviceAccountName: 'alertmanager',
      automountServiceAccountToken: false,
    });
  });

  it('is told the alerts of the declarations', () => {
    const { groups } = kind.spec<{ groups: readonly { rules: readonly Record<string, unknown>[] }[] }>(
      'PrometheusRule',
      'smarteats',
    );
    const declared = alertsOf(smartEats);
    expect(groups.flatMap(({ rules }) => rules).map(({ alert }) => alert)).toEqual(Object.keys(declared));
    expect(groups[0]?.rules).toContainEqual({
      alert: 'QueueBacklog',
      expr: declared['QueueBacklog']?.expression,
      for: '300s',
      labels: { severity: 'warning', receivers: 'email' },
      annotations: expect.objectContaining({ summary: declared['QueueBacklog']?.summary }),
    });
  });
});
