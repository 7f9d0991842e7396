import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { scrapeIntervalSeconds, scrapeTimeoutSeconds } from '../workers/platform/scrape-jobs.ts';
import { platformLabels, workloadLabels } from './labels.ts';
import type { Profile } from './profile.ts';

/** The Secret, and its key, in which prometheus-operator finds how the kubelets are asked. */
export const kubeletScrapes = { name: 'prometheus-kubelets', key: 'kubelets.yaml' } as const;

/**
 * What lets Prometheus ask the kubelets how full the volumes are, and how. Nodes are found in the API, as
 * configuration of Prometheus itself: a ServiceMonitor would need a Service for the kubelets, which prometheus-operator
 * makes only where it is told to, and rights in `kube-system`.
 */
export class KubeletsChart extends Chart {
  constructor(scope: Construct, id: string, profile: Profile) {
    // Cluster roles are in no namespace.
    super(scope, id, { labels: platformLabels, disableResourceNameHashes: true });
    const { namespace } = profile;
    const labels = workloadLabels('prometheus', 'monitoring');
    // Two platforms of one cluster are two namespaces.
    const name = `${namespace}-prometheus`;
    new k8s.KubeClusterRole(this, 'role', {
      metadata: { name, labels },
      rules: [
        { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
        // What a kubelet wants of who asks for its metrics (Kubernetes documentation, "Kubelet authentication/authorization").
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      ],
    });
    new k8s.KubeClusterRoleBinding(this, 'role-binding', {
      metadata: { name, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: 'prometheus', namespace }],
    });
    new k8s.KubeSecret(this, 'scrapes', {
      metadata: { name: kubeletScrapes.name, namespace, labels },
      type: 'Opaque',
      stringData: { [kubeletScrapes.key]: stringify([scrapeConfig(profile)], { lineWidth: 0 }) },
    });
  }
}

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

/** In the words of Prometheus' own configuration. The port is the one that each node names. */
function scrapeConfig({ namespace, nodes }: Profile) {
  return {
    job_name: 'kubelet',
    scrape_interval: `${scrapeIntervalSeconds}s`,
    scrape_timeout: `${scrapeTimeoutSeconds}s`,
    scheme: 'https',
    authorization: { credentials_file: `${account}/token` },
    tls_config: nodes.verifyKubelets ? { ca_file: `${account}/ca.crt` } : { insecure_skip_verify: true },
    kubernetes_sd_configs: [{ role: 'node' }],
    metric_relabel_configs: [
      // A kubelet tells thousands of series of the whole node.
      { source_labels: ['__name__'], regex: 'kubelet_volume_stats_.+', action: 'keep' },
      { source_labels: ['namespace'], regex: namespace, action: 'keep' },
    ],
  };
}
