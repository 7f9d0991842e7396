import { networkPolicies } from '../../../charts/validation/policies/network.ts';
import { at, describeRules, order } from './cluster.ts';

describeRules('Who may connect to whom', networkPolicies, {
  'default-deny': [
    [
      'Namespace/smarteats: no NetworkPolicy denies everything in it',
      (c) => c.remove('NetworkPolicy', 'default-deny'),
    ],
    [
      'Namespace/smarteats: no NetworkPolicy denies everything in it',
      (c) =>
        Object.assign(at(c.object('NetworkPolicy', 'default-deny'), 'spec'), { policyTypes: ['Ingress'] }),
    ],
    [
      'Namespace/smarteats: no NetworkPolicy denies everything in it',
      (c) => Object.assign(at(c.object('NetworkPolicy', 'default-deny'), 'spec'), { egress: [{}] }),
    ],
  ],
  'network-selectors': [
    [
      `NetworkPolicy/${order}: it selects no pod`,
      (c) =>
        Object.assign(at(c.object('NetworkPolicy', order), 'spec.podSelector.matchLabels'), { tier: 'back' }),
    ],
    [
      `NetworkPolicy/${order}: a peer selects no pod: {"podSelector":{"matchLabels":{"app":"redis"}}}`,
      (c) =>
        Object.assign(at(c.object('NetworkPolicy', order), 'spec.egress.0.to.0.podSelector'), {
          matchLabels: { app: 'redis' },
        }),
    ],
    [
      `NetworkPolicy/${order}: 80 is no port of the pods of redis`,
      (c) => Object.assign(at(c.object('NetworkPolicy', order), 'spec.egress.0.ports.0'), { port: 80 }),
    ],
    [
      'NetworkPolicy/redis: 80 is no port of the pods of redis',
      (c) => Object.assign(at(c.object('NetworkPolicy', 'redis'), 'spec.ingress.0.ports.0'), { port: 80 }),
    ],
    [
      `NetworkPolicy/${order}: a rule names no port`,
      (c) => delete at(c.object('NetworkPolicy', order), 'spec.egress.0')['ports'],
    ],
  ],
  'network-edges': [
    [
      `NetworkPolicy/${order}: redis does not let it in on 6379`,
      (c) => {
        const rules = at(c.object('NetworkPolicy', 'redis'), 'spec.ingress') as unknown as {
          from: { podSelector: { matchLabels: Record<string, string> } }[];
        }[];
        const names = rules.map(({ from }) => from[0]?.podSelector.matchLabels['app.kubernetes.io/name']);
        rules.splice(names.indexOf(order), 1);
      },
    ],
    [
      'NetworkPolicy/payment-service: payment-sandbox does not let it in on 4010',
      (c) => c.remove('NetworkPolicy', 'payment-sandbox'),
    ],
  ],
});
