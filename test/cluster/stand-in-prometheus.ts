import type { ClusterObject } from '../../cli/cluster/cluster-object.ts';
import type { Cluster } from '../../cli/cluster/connection.ts';
import { applyAll } from '../../cli/deploy/apply.ts';
import { prometheusConfiguration } from './scrape-configuration.ts';

/** The Prometheus resource, as far as a pod is made of it. */
interface PrometheusSpec {
  readonly image: string;
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: object;
  readonly resources: object;
}

/**
 * Runs the Prometheus of a platform where there is no prometheus-operator: the image, the account, the labels and the
 * user that the resource says, with the configuration that the operator would make.
 */
export async function runPrometheus(cluster: Cluster, objects: readonly ClusterObject[]): Promise<void> {
  const resource = objects.find(({ kind }) => kind === 'Prometheus');
  if (resource === undefined) throw new Error('there is no Prometheus');
  const { namespace = '', name } = resource.metadata;
  // The synthesis has checked the resource by its schema.
  const spec = resource['spec'] as PrometheusSpec;
  const labels = {
    'app.kubernetes.io/name': 'prometheus',
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/managed-by': 'prometheus-operator',
  };
  const metadata = { name: 'stand-in-prometheus', namespace, labels };
  const pod: ClusterObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      serviceAccountName: spec.serviceAccountName,
      automountServiceAccountToken: spec.automountServiceAccountToken,
      securityContext: spec.securityContext,
      containers: [
        {
          name: 'prometheus',
          image: spec.image,
          args: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'],
          ports: [{ name: 'web', containerPort: 9090 }],
          readinessProbe: { httpGet: { path: '/-/ready', port: 'web' }, periodSeconds: 2 },
          resources: spec.resources,
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [
            { name: 'configuration', mountPath: '/etc/prometheus' },
            { name: 'data', mountPath: '/prometheus' },
          ],
        },
      ],
      volumes: [
        { name: 'configuration', configMap: { name: metadata.name } },
        { name: 'data', emptyDir: { sizeLimit: '256Mi' } },
      ],
    },
  };
  const configuration: ClusterObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: prometheusConfiguration(objects),
  };
  const applied = await applyAll(cluster, [configuration, pod], { dryRun: false, force: true });
  const refused = applied.filter(({ outcome }) => outcome === 'refused');
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
}
