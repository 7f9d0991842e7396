import { describe, expect, it } from '@jest/globals';
import { autoscaledOf } from '../../charts/autoscaled.ts';
import { defineProfile } from '../../charts/profile.ts';
import type { NetworkPolicySpec, NetworkRule } from '../../charts/validation/manifest.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { extendedPlatform } from './extended-platform.ts';
import { type Manifests, manifestsOf } from './manifests.ts';
import { at, Cluster } from './validation/cluster.ts';

interface ScaledObjectSpec {
  readonly scaleTargetRef: { readonly kind: string; readonly name: string };
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly advanced: {
    readonly horizontalPodAutoscalerConfig: {
      readonly behavior: {
        readonly scaleDown: {
          readonly stabilizationWindowSeconds: number;
          readonly policies: readonly {
            readonly type: string;
            readonly value: number;
            periodSeconds: number;
          }[];
        };
      };
    };
  };
  readonly triggers: readonly {
    readonly type: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly authenticationRef: { readonly name: string };
  }[];
}

const kind = manifestsOf();
const consumers: readonly string[] = [
  ...new Set(Object.values(smartEats.queues).map(({ consumer }) => consumer)),
  ...Object.entries(smartEats.services).flatMap(([name, service]) => ('taskQueue' in service ? [name] : [])),
].sort();

/** The queues that a service is scaled by, and how many messages one of its pods handles at once. */
function scaledBy(name: string): readonly (readonly [queue: string, atOnce: number])[] {
  const service = new Map(Object.entries(smartEats.services)).get(name);
  const taskQueue = service !== undefined && 'taskQueue' in service ? service.taskQueue : undefined;
  return [
    ...Object.entries(smartEats.queues)
      .filter(([, { consumer }]) => consumer === name)
      .map(([queue, { prefetch }]) => [queue, prefetch] as const),
    ...Object.entries(smartEats.taskQueues)
      .filter(([queue]) => queue === taskQueue)
      .map(([queue, { concurrency }]) => [queue, concurrency] as const),
  ];
}

function scaling(name: string, manifests: Manifests = kind): ScaledObjectSpec {
  return manifests.spec<ScaledObjectSpec>('ScaledObject', name);
}

function ingressFromKeda(manifests: Manifests): readonly NetworkRule[] {
  const { ingress = [] } = manifests.spec<NetworkPolicySpec>('NetworkPolicy', 'rabbitmq');
  return ingress.filter(({ from }) => from?.some(({ namespaceSelector }) => namespaceSelector !== undefined));
}

describe('the autoscaler', () => {
  it('owns the number of pods of every service that consumes a queue, and of no other', () => {
    expect([...kind.names('ScaledObject')].sort()).toEqual(consumers);
    for (const name of kind.names('Deployment')) {
      const { replicas } = kind.workload(name);
      expect([name, replicas === undefined]).toEqual([name, consumers.includes(name)]);
    }
  });

  it('is in the last file, with nothing in it but its own objects', () => {
    const last = [...kind.files.keys()].at(-1) ?? '';
    expect(last).toMatch(/^\d{4}-autoscaling\.k8s\.yaml$/);
    const kinds = kind.files.get(last)?.match(/^kind: .*$/gm);
    expect(new Set(kinds)).toEqual(new Set(['kind: TriggerAuthentication', 'kind: ScaledObject']));
    const rest = [...kind.files].filter(([name]) => name !== last);
    for (const [, text] of rest) expect(text).not.toContain('keda.sh/');
  });

  it('counts the messages that wait in each queue of the service, for twice what a pod handles at once', () => {
    for (const name of consumers) {
      expect(scaling(name).scaleTargetRef).toEqual({ kind: 'Deployment', name });
      expect(scaling(name).triggers).toEqual(
        scaledBy(name).map(([queueName, prefetch]) => ({
          type: 'rabbitmq',
          metadata: { protocol: 'amqp', mode: 'QueueLength', value: String(2 * prefetch), queueName },
          authenticationRef: { name: 'rabbitmq' },
        })),
      );
    }
  });

  it('goes from the pods that the profile wants up to its limit', () => {
    const production = manifestsOf(
      defineProfile('production', {
        services: { replicasOf: { 'payment-service': 4, 'order-service': 20 } },
        autoscaling: { maxReplicas: 12 },
      }),
    );
    const range = (name: string, manifests?: Manifests) => {
      const { minReplicaCount, maxReplicaCount } = scaling(name, manifests);
      return [minReplicaCount, maxReplicaCount];
    };
    expect(range('order-service')).toEqual([1, 3]);
    expect(range('delivery-service', production)).toEqual([2, 12]);
    expect(range('payment-service', production)).toEqual([4, 12]);
    expect(range('order-service', production)).toEqual([20, 20]);
  });

  it('takes pods away one by one, after a while, with the time that each needs to end', () => {
    const extended = manifestsOf(defineProfile('kind'), extendedPlatform);
    for (const name of extended.names('ScaledObject')) {
      const { scaleDown } = scaling(name, extended).advanced.horizontalPodAutoscalerConfig.behavior;
      expect(scaleDown.stabilizationWindowSeconds).toBe(300);
      const grace = extended.pod(name).terminationGracePeriodSeconds ?? 0;
      expect(scaleDown.policies).toEqual([
        { type: 'Pods', value: 1, periodSeconds: Math.min(1_800, Math.max(60, grace)) },
      ]);
    }
    expect(extended.pod('loyalty-service').terminationGracePeriodSeconds).toBeGreaterThan(60);
  });

  it('keeps the pods that are there while RabbitMQ does not answer', () => {
    expect(kind.spec('ScaledObject', 'order-service')).toMatchObject({
      pollingInterval: 15,
      fallback: { failureThreshold: 3, replicas: 1, behavior: 'currentReplicasIfHigher' },
    });
  });

  it('logs in with the URL in the Secret of RabbitMQ, from its own namespace and through the network policies', () => {
    expect(kind.spec('TriggerAuthentication', 'rabbitmq')).toEqual({
      secretTargetRef: [{ parameter: 'host', name: 'rabbitmq', key: 'RABBITMQ_URL' }],
    });
    const url = new URL(kind.get('Secret', 'rabbitmq').stringData?.['RABBITMQ_URL'] ?? '');
    expect([url.hostname, url.port, url.username]).toEqual(['rabbitmq.smarteats.svc', '5672', 'smarteats']);
    expect(ingressFromKeda(kind)).toEqual([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'keda' } },
            podSelector: { matchLabels: { app: 'keda-operator' } },
          },
        ],
        ports: [{ protocol: 'TCP', port: 5672 }],
      },
    ]);
  });

  it('comes from another namespace where the profile says so', () => {
    const profile = defineProfile('kind', { autoscaling: { namespace: 'operators' } });
    expect(ingressFromKeda(manifestsOf(profile))[0]?.from?.[0]?.namespaceSelector?.matchLabels).toEqual({
      'kubernetes.io/metadata.name': 'operators',
    });
  });

  it('measures the queues of a RabbitMQ outside by the same key, without a way in', () => {
    const outside = manifestsOf(defineProfile('production', { outside: { rabbitmq: {} } }));
    expect(outside.spec('TriggerAuthentication', 'rabbitmq')).toEqual(
      kind.spec('TriggerAuthentication', 'rabbitmq'),
    );
    expect(outside.names('NetworkPolicy')).not.toContain('rabbitmq');
  });

  it('is not there where the profile does without, and the numbers of pods are fixed', () => {
    const without = manifestsOf(defineProfile('production', { autoscaling: { enabled: false } }));
    expect([...without.files.keys()].join()).not.toContain('autoscaling');
    for (const name of consumers) expect(without.workload(name).replicas).toBe(2);
    expect(ingressFromKeda(without)).toEqual([]);
  });

  it('fails the synthesis with a field that KEDA does not know', () => {
    const cluster = new Cluster();
    Object.assign(at(cluster.object('ScaledObject', 'order-service'), 'spec'), { minReplicas: 1 });
    expect(cluster.findings()).toEqual([
      'schema: ScaledObject/order-service: spec.minReplicas is no field of the API',
    ]);
  });

  it('leaves the stand-ins for the outside world alone', () => {
    const { order_created } = smartEats.queues;
    const trial = { ...order_created, consumer: 'message-catcher' };
    const platform = { ...smartEats, queues: { ...smartEats.queues, trial } };
    const names = autoscaledOf(platform, defineProfile('kind')).map(({ service }) => service);
    expect([...names].sort()).toEqual(consumers);
  });

  it('follows a service and a queue that were only declared', () => {
    const extended = manifestsOf(defineProfile('kind'), extendedPlatform);
    expect(scaling('loyalty-service', extended).triggers).toMatchObject([
      { metadata: { queueName: 'points_earned', value: '100' } },
    ]);
  });
});
