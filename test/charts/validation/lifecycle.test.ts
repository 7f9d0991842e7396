import type { Manifest } from '../../../charts/validation/manifest.ts';
import { lifecyclePolicies } from '../../../charts/validation/policies/lifecycle.ts';
import { at, describeRules, namespace, order } from './cluster.ts';

const gateway = 'api-gateway';

describeRules('How pods come and go', lifecyclePolicies, {
  'termination-grace': [
    [
      `Deployment/${order}: container ${order}: SHUTDOWN_GRACE_MS 35000 is not below the pod's 30000 ms`,
      (c) => delete c.pod(order)['terminationGracePeriodSeconds'],
    ],
  ],
  'one-writer': [
    [
      `Deployment/${order}: volume data: a claim belongs to a StatefulSet`,
      (c) =>
        Object.assign(c.pod(order), {
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
        }),
    ],
    [
      `Deployment/${order}: volume data: a claim belongs to a StatefulSet`,
      (c) =>
        Object.assign(c.pod(order), {
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data', readOnly: false } }],
        }),
    ],
  ],
  autoscaling: [
    [
      `Deployment/${order}: replicas is set, but ScaledObject ${order} owns it`,
      (c) => Object.assign(at(c.object('Deployment', order), 'spec'), { replicas: 2 }),
    ],
    [
      `Deployment/${gateway}: replicas is set, but HorizontalPodAutoscaler ${gateway} owns it`,
      (c) => c.add(autoscaler(gateway)),
    ],
    ['HorizontalPodAutoscaler/orders: Deployment orders does not exist', (c) => c.add(autoscaler('orders'))],
  ],
  'autoscaler-logins': [
    [
      `ScaledObject/${order}: TriggerAuthentication rabbitmq does not exist`,
      (c) => c.remove('TriggerAuthentication', 'rabbitmq'),
    ],
    [
      'TriggerAuthentication/rabbitmq: Secret rabbitmq has no RABBITMQ_URL',
      (c) => delete at(c.object('Secret', 'rabbitmq'), 'stringData')['RABBITMQ_URL'],
    ],
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
