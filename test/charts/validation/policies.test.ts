import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../../charts/profile.ts';
import type { Manifest } from '../../../charts/validation/manifest.ts';
import { findingsOf, policies } from '../../../charts/validation/validate.ts';
import { manifestsOf } from '../manifests.ts';

const { all } = manifestsOf();
const production = manifestsOf(defineProfile('production')).all;

/** An object as the tests break it: any field, at any depth. */
interface Breakable {
  [field: string]: Breakable;
}

/** Copies of the objects of a synthesis, to be broken. */
class Cluster {
  readonly objects: Manifest[];

  constructor(objects: readonly Manifest[] = all) {
    this.objects = structuredClone([...objects]);
  }

  object(kind: string, name: string): Breakable {
    const found = this.objects.find((each) => each.kind === kind && each.metadata.name === name);
    if (found === undefined) throw new Error(`no ${kind} ${name}`);
    // What a test then changes is checked by what is found, not by a type.
    return found as unknown as Breakable;
  }

  pod(name: string, kind = 'Deployment'): Breakable {
    return at(this.object(kind, name), 'spec.template.spec');
  }

  container(name: string, kind = 'Deployment'): Breakable {
    return at(this.pod(name, kind), 'containers.0');
  }

  remove(kind: string, name: string): void {
    const index = this.objects.findIndex((each) => each.kind === kind && each.metadata.name === name);
    if (index < 0) throw new Error(`no ${kind} ${name}`);
    this.objects.splice(index, 1);
  }

  add(object: Manifest): void {
    this.objects.push(object);
  }

  findings(): readonly string[] {
    return findingsOf(this.objects).map(
      ({ rule, object, problem }) => `${rule}: ${object.kind}/${object.metadata.name}: ${problem}`,
    );
  }
}

function at(object: Breakable, path: string): Breakable {
  return path.split('.').reduce((place, key) => {
    const next = place[key];
    if (next === undefined) throw new Error(`no ${key} in ${path}`);
    return next;
  }, object);
}

const namespace = 'smarteats';
const order = 'order-service';

type Case = readonly [finding: string, break_: (cluster: Cluster) => void];

const cases: Readonly<Record<string, readonly Case[]>> = {
  restricted: [
    [`Deployment/${order}: hostNetwork is set`, (c) => Object.assign(c.pod(order), { hostNetwork: true })],
    [`Deployment/${order}: hostPID is set`, (c) => Object.assign(c.pod(order), { hostPID: true })],
    [
      `Deployment/${order}: volume tmp is a hostPath`,
      (c) => Object.assign(c.pod(order), { volumes: [{ name: 'tmp', hostPath: { path: '/tmp' } }] }),
    ],
    [
      `Deployment/${order}: container ${order}: is privileged`,
      (c) => Object.assign(at(c.container(order), 'securityContext'), { privileged: true }),
    ],
    [
      `StatefulSet/redis: container redis: allowPrivilegeEscalation is not false`,
      (c) => delete at(c.container('redis', 'StatefulSet'), 'securityContext')['allowPrivilegeEscalation'],
    ],
    [
      `StatefulSet/rabbitmq: container rabbitmq: readOnlyRootFilesystem is not true`,
      (c) =>
        Object.assign(at(c.container('rabbitmq', 'StatefulSet'), 'securityContext'), {
          readOnlyRootFilesystem: false,
        }),
    ],
    [
      `Deployment/${order}: container ${order}: capabilities.drop is not ALL`,
      (c) => Object.assign(at(c.container(order), 'securityContext.capabilities'), { drop: ['NET_RAW'] }),
    ],
    [
      `Deployment/${order}: container ${order}: capabilities.add has SYS_TIME`,
      (c) => Object.assign(at(c.container(order), 'securityContext.capabilities'), { add: ['SYS_TIME'] }),
    ],
    [
      `Deployment/${order}: container ${order}: runAsNonRoot is not true`,
      (c) => delete at(c.pod(order), 'securityContext')['runAsNonRoot'],
    ],
    [
      `Deployment/${order}: container ${order}: seccompProfile is Unconfined`,
      (c) => Object.assign(at(c.pod(order), 'securityContext.seccompProfile'), { type: 'Unconfined' }),
    ],
    [
      `Deployment/${order}: container ${order}: seccompProfile is not set`,
      (c) => delete at(c.pod(order), 'securityContext')['seccompProfile'],
    ],
  ],
  identity: [
    [
      `Deployment/${order}: container ${order}: runs as 1000:10001`,
      (c) => Object.assign(at(c.pod(order), 'securityContext'), { runAsUser: 1000 }),
    ],
    [
      `Deployment/${order}: container ${order}: runs as 10001:undefined`,
      (c) => delete at(c.pod(order), 'securityContext')['runAsGroup'],
    ],
    [
      `StatefulSet/redis: container redis: runs as 998:1000`,
      (c) => Object.assign(at(c.pod('redis', 'StatefulSet'), 'securityContext'), { runAsUser: 998 }),
    ],
  ],
  'kubernetes-access': [
    [
      `Deployment/${order}: automountServiceAccountToken is not false`,
      (c) => delete c.pod(order)['automountServiceAccountToken'],
    ],
    [
      `Deployment/${order}: serviceAccountName ${order} does not exist`,
      (c) => c.remove('ServiceAccount', order),
    ],
    [`Deployment/${order}: serviceAccountName is not set`, (c) => delete c.pod(order)['serviceAccountName']],
    [
      `Deployment/${order}: enableServiceLinks is not false: REDIS_PORT would be a Service`,
      (c) => delete c.pod(order)['enableServiceLinks'],
    ],
  ],
  resources: [
    [
      `Deployment/${order}: container ${order}: no ephemeral-storage in resources.limits`,
      (c) => delete at(c.container(order), 'resources.limits')['ephemeral-storage'],
    ],
    [
      `Deployment/${order}: container ${order}: no cpu in resources.requests`,
      (c) => delete at(c.container(order), 'resources')['requests'],
    ],
  ],
  probes: [
    [
      `Deployment/${order}: container ${order}: no readinessProbe`,
      (c) => delete c.container(order)['readinessProbe'],
    ],
    [
      `StatefulSet/redis: container redis: no livenessProbe`,
      (c) => delete c.container('redis', 'StatefulSet')['livenessProbe'],
    ],
    [
      `Deployment/${order}: container ${order}: liveness and readiness ask the same`,
      (c) => Object.assign(at(c.container(order), 'livenessProbe.httpGet'), { path: '/readyz' }),
    ],
  ],
  'pinned-images': [
    [
      `Deployment/${order}: container ${order}: image smarteats has no fixed tag`,
      (c) => Object.assign(c.container(order), { image: 'smarteats' }),
    ],
    [
      `Deployment/${order}: container ${order}: image localhost:5001/smarteats has no fixed tag`,
      (c) => Object.assign(c.container(order), { image: 'localhost:5001/smarteats' }),
    ],
    [
      `StatefulSet/redis: container redis: image redis:latest has no fixed tag`,
      (c) => Object.assign(c.container('redis', 'StatefulSet'), { image: 'redis:latest' }),
    ],
  ],
  'no-literal-secrets': [
    [
      `Deployment/${order}: container ${order}: REDIS_PASSWORD is given as a literal`,
      (c) => Object.assign(c.container(order), { env: [{ name: 'REDIS_PASSWORD', value: 'x' }] }),
    ],
    [
      `Deployment/${order}: container ${order}: API_TOKEN is given as a literal`,
      (c) => Object.assign(c.container(order), { env: [{ name: 'API_TOKEN', value: 'x' }] }),
    ],
    [
      `Deployment/${order}: container ${order}: UPSTREAM is given as a literal`,
      (c) =>
        Object.assign(c.container(order), {
          env: [{ name: 'UPSTREAM', value: 'https://me:word@example.org' }],
        }),
    ],
    [
      `Deployment/${order}: container ${order}: a URL with credentials in its arguments`,
      (c) => Object.assign(c.container(order), { args: ['--to=amqp://me:word@rabbitmq'] }),
    ],
    [
      'ConfigMap/redis: redis.conf holds credentials',
      (c) =>
        Object.assign(at(c.object('ConfigMap', 'redis'), 'data'), { 'redis.conf': 'requirepass word\n' }),
    ],
    [
      'ConfigMap/rabbitmq: topology.json holds credentials',
      (c) =>
        Object.assign(at(c.object('ConfigMap', 'rabbitmq'), 'data'), {
          'topology.json': '{"users": [{\n  "password_hash": "x"}]}',
        }),
    ],
  ],
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
  ],
  references: [
    [
      'StatefulSet/redis: volume configuration: ConfigMap redis does not exist',
      (c) => c.remove('ConfigMap', 'redis'),
    ],
    [
      'Deployment/payment-sandbox: volume data: PersistentVolumeClaim payment-sandbox does not exist',
      (c) => c.remove('PersistentVolumeClaim', 'payment-sandbox'),
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
  ],
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
};

function autoscaler(name: string): Manifest {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace },
    spec: { maxReplicas: 3, scaleTargetRef },
  };
}

describe('the rules of the platform', () => {
  it.each([
    ['kind', all],
    ['production', production],
  ])('are kept by the manifests of %s', (_, objects) => {
    expect(new Cluster(objects).findings()).toEqual([]);
  });

  it('are each shown to be broken by a test, and each has a name of its own and a reason', () => {
    expect(policies.map(({ name }) => name).sort()).toEqual(Object.keys(cases).sort());
    for (const { reason } of policies) expect(reason).toMatch(/\.$/);
  });

  for (const [rule, broken] of Object.entries(cases)) {
    it.each(broken)(`${rule} finds %s`, (finding, breakIt) => {
      const cluster = new Cluster();
      breakIt(cluster);
      expect(cluster.findings()).toContain(`${rule}: ${finding}`);
    });
  }

  it('wait until the form is right', () => {
    const cluster = new Cluster();
    Object.assign(cluster.pod(order), { hostNetwork: true, hostnetwork: true });
    expect(cluster.findings()).toEqual([
      `schema: Deployment/${order}: spec.template.spec.hostnetwork is no field of the API`,
    ]);
  });

  it('allow a token to a pod whose account a RoleBinding names, and none otherwise', () => {
    const cluster = new Cluster();
    delete cluster.pod(order)['automountServiceAccountToken'];
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: order, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: order },
      subjects: [{ kind: 'ServiceAccount', name: order, namespace }],
    };
    cluster.add(binding);
    expect(cluster.findings()).toEqual([]);
  });

  it('take an image by its digest, and a Secret that is made elsewhere', () => {
    const cluster = new Cluster();
    Object.assign(cluster.container(order), { image: `smarteats@sha256:${'0'.repeat(64)}` });
    cluster.remove('Secret', 'redis');
    expect(cluster.findings()).toEqual([]);
  });

  it('ask nothing of a Job that only what serves must have', () => {
    const cluster = new Cluster();
    const template = structuredClone(at(cluster.object('Deployment', order), 'spec.template'));
    const container = at(template, 'spec.containers.0');
    delete container['livenessProbe'];
    delete container['readinessProbe'];
    Object.assign(at(template, 'metadata.labels'), { 'app.kubernetes.io/name': 'once' });
    delete at(template, 'spec')['topologySpreadConstraints'];
    cluster.add({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once', namespace },
      spec: { template },
    });
    expect(cluster.findings()).toEqual([]);
  });
});
