import { referencePolicies } from '../../../charts/validation/policies/references.ts';
import { at, describeRules, order } from './cluster.ts';

describeRules('What objects say of each other', referencePolicies, {
  'unique-names': [
    [
      'Service/redis: another object has the same kind and name',
      (c) => {
        c.objects.push(
          ...c.objects.filter(({ kind, metadata }) => kind === 'Service' && metadata.name === 'redis'),
        );
      },
    ],
  ],
  namespaces: [
    [
      'ConfigMap/stray: namespace elsewhere does not exist',
      (c) =>
        c.add({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'stray', namespace: 'elsewhere' } }),
    ],
    [
      'ConfigMap/stray: namespace is not set',
      (c) => c.add({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'stray' } }),
    ],
    [
      'Namespace/smarteats: it does not enforce the Pod Security level restricted',
      (c) =>
        Object.assign(at(c.object('Namespace', 'smarteats'), 'metadata.labels'), {
          'pod-security.kubernetes.io/enforce': 'baseline',
        }),
    ],
    [
      'Namespace/smarteats: it does not enforce the Pod Security level restricted',
      (c) =>
        Object.assign(at(c.object('Namespace', 'smarteats'), 'metadata.labels'), {
          'pod-security.kubernetes.io/enforce': 'privileged',
        }),
    ],
    [
      'Namespace/smarteats-nodes: it does not enforce the Pod Security level restricted',
      (c) => c.remove('DaemonSet', 'node-exporter'),
    ],
    [
      'Namespace/smarteats-nodes: it does not enforce the Pod Security level restricted',
      (c) =>
        Object.assign(at(c.object('Deployment', 'grafana'), 'metadata'), { namespace: 'smarteats-nodes' }),
    ],
  ],
  references: [
    [
      'StatefulSet/redis: volume configuration: ConfigMap redis does not exist',
      (c) => c.remove('ConfigMap', 'redis'),
    ],
    [
      'StatefulSet/redis: volume data: PersistentVolumeClaim elsewhere does not exist',
      (c) =>
        Object.assign(c.pod('redis', 'StatefulSet'), {
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'elsewhere' } }],
        }),
    ],
    [
      'StatefulSet/rabbitmq: container rabbitmq: ConfigMap rabbitmq has no topology.json',
      (c) => delete at(c.object('ConfigMap', 'rabbitmq'), 'data')['topology.json'],
    ],
    [
      'StatefulSet/redis: container redis: volume data does not exist',
      (c) => delete at(c.object('StatefulSet', 'redis'), 'spec')['volumeClaimTemplates'],
    ],
    [
      `Deployment/${order}: Secret redis has no REDIS_PASSWORD`,
      (c) => Object.assign(c.object('Secret', 'redis'), { stringData: {} }),
    ],
    [
      'StatefulSet/rabbitmq: Secret rabbitmq has no users.json',
      (c) => delete at(c.object('Secret', 'rabbitmq'), 'stringData')['users.json'],
    ],
    [
      'StatefulSet/rabbitmq: Service rabbitmq-nodes does not exist',
      (c) => c.remove('Service', 'rabbitmq-nodes'),
    ],
    [
      'StatefulSet/redis: Service redis-nodes is not headless, so pods have no names',
      (c) => delete at(c.object('Service', 'redis-nodes'), 'spec')['clusterIP'],
    ],
  ],
});
