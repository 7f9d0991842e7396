import type { Manifest } from '../../../charts/validation/manifest.ts';
import { lifecyclePolicies } from '../../../charts/validation/policies/lifecycle.ts';
import { describeRules, namespace, order } from './cluster.ts';

describeRules('How pods come and go', lifecyclePolicies, {
  'termination-grace': [
    [
      `Deployment/${order}: container ${order}: SHUTDOWN_GRACE_MS 35000 is not below the pod's 30000 ms`,
      (c) => delete c.pod(order)['terminationGracePeriodSeconds'],
    ],
  ],
  autoscaling: [
    [
      `Deployment/${order}: replicas is set, but HorizontalPodAutoscaler ${order} owns it`,
      (c) => c.add(autoscaler(order)),
    ],
    ['HorizontalPodAutoscaler/orders: Deployment orders does not exist', (c) => c.add(autoscaler('orders'))],
  ],
});

function autoscaler(name: string): Manifest {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace },
    spec: { maxReplicas: 3, scaleTargetRef },
  };
}
