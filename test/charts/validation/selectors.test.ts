import { selectorPolicies } from '../../../charts/validation/policies/selectors.ts';
import { at, describeRules, order } from './cluster.ts';

describeRules('What finds pods by their labels', selectorPolicies, {
  'workload-selectors': [
    [
      `Deployment/${order}: the selector does not match its own pods`,
      (c) => Object.assign(at(c.object('Deployment', order), 'spec.selector.matchLabels'), { tier: 'back' }),
    ],
    [
      `Deployment/${order}: the selector matches the pods of redis too`,
      (c) => delete at(c.object('Deployment', order), 'spec.selector.matchLabels')['app.kubernetes.io/name'],
    ],
    [
      `Deployment/${order}: a spread constraint counts other pods`,
      (c) =>
        Object.assign(at(c.pod(order), 'topologySpreadConstraints.0'), {
          labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'redis' } },
        }),
    ],
    [
      `Deployment/${order}: it keeps away from other pods than its own`,
      (c) =>
        Object.assign(
          at(
            c.pod(order),
            'affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.podAffinityTerm',
          ),
          { labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'redis' } } },
        ),
    ],
  ],
  services: [
    [
      `Service/${order}: it selects no pod`,
      (c) =>
        Object.assign(at(c.object('Service', order), 'spec.selector'), {
          'app.kubernetes.io/name': 'orders',
        }),
    ],
    [
      `Service/${order}: it has no selector`,
      (c) => delete at(c.object('Service', order), 'spec')['selector'],
    ],
    [
      `Service/${order}: web is no named port of ${order}`,
      (c) => Object.assign(at(c.object('Service', order), 'spec.ports.0'), { targetPort: 'web' }),
    ],
    [
      `Service/${order}: 4003 is no named port of ${order}`,
      (c) => Object.assign(at(c.object('Service', order), 'spec.ports.0'), { targetPort: 4003 }),
    ],
  ],
  'disruption-budgets': [
    [
      `Deployment/${order}: no PodDisruptionBudget selects its pods`,
      (c) => c.remove('PodDisruptionBudget', order),
    ],
    [
      `PodDisruptionBudget/${order}: it selects no pod`,
      (c) =>
        Object.assign(at(c.object('PodDisruptionBudget', order), 'spec.selector.matchLabels'), {
          tier: 'back',
        }),
    ],
    [
      `PodDisruptionBudget/${order}: maxUnavailable must allow a pod to go`,
      (c) => Object.assign(at(c.object('PodDisruptionBudget', order), 'spec'), { maxUnavailable: 0 }),
    ],
    [
      `PodDisruptionBudget/${order}: minAvailable blocks the drain of a workload with no more pods than that`,
      (c) => Object.assign(at(c.object('PodDisruptionBudget', order), 'spec'), { minAvailable: 1 }),
    ],
    [
      `PodDisruptionBudget/${order}: unhealthyPodEvictionPolicy must be AlwaysAllow`,
      (c) => delete at(c.object('PodDisruptionBudget', order), 'spec')['unhealthyPodEvictionPolicy'],
    ],
  ],
});
