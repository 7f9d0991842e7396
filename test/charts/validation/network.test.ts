import { networkPolicies } from '../../../charts/validation/policies/network.ts';
import { at, type Cluster, describeRules, order } from './cluster.ts';

interface EgressRule {
  readonly to: readonly { readonly namespaceSelector?: object }[];
  readonly ports: readonly object[];
}

/** The port on which Prometheus is let out to the namespace of the node exporter; DNS comes last. */
function portOfNodeExporter(c: Cluster): object {
  const rules = at(c.object('NetworkPolicy', 'prometheus'), 'spec.egress') as unknown as EgressRule[];
  return rules.find(({ to }) => to[0]?.namespaceSelector)?.ports[0] ?? {};
}

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
      'NetworkPolicy/prometheus: 9101 is no port of the pods of node-exporter',
      (c) => Object.assign(portOfNodeExporter(c), { port: 9101 }),
    ],
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
      'NetworkPolicy/prometheus: node-exporter does not let it in on 9100',
      (c) => c.remove('NetworkPolicy', 'node-exporter'),
    ],
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
