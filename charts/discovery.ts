import { k8s } from 'cdk8s-plus-27';
import { workloadLabels } from './labels.ts';
import type { Profile } from './profile.ts';
import type { SystemChart } from './system-chart.ts';

/** Prometheus may see where pods are, in the namespace of a chart, and nothing else. */
export function addDiscovery(chart: SystemChart, { namespace }: Profile): void {
  const name = 'prometheus';
  const metadata = { name, labels: workloadLabels(name, 'monitoring') };
  const verbs = ['get', 'list', 'watch'];
  new k8s.KubeRole(chart, 'role', {
    metadata,
    rules: [
      { apiGroups: [''], resources: ['services', 'endpoints', 'pods'], verbs },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs },
    ],
  });
  new k8s.KubeRoleBinding(chart, 'role-binding', {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
}
