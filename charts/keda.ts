import type { Construct } from 'constructs';
import {
  ScaledObject,
  type ScaledObjectSpecAdvancedHorizontalPodAutoscalerConfigBehavior,
  ScaledObjectSpecFallbackBehavior,
  type ScaledObjectSpecTriggers,
  TriggerAuthentication,
} from '../imports/keda.ts';
import type { Platform } from '../workers/platform/platform.ts';
import { type Autoscaled, autoscaledOf } from './autoscaled.ts';
import { brokerUrlKey } from './credentials.ts';
import { graceOf } from './grace.ts';
import { workloadLabels } from './labels.ts';
import type { Profile } from './profile.ts';
import { SystemChart } from './system-chart.ts';

/** How KEDA logs in to RabbitMQ: the TriggerAuthentication and the Secret that it reads. */
const broker = 'rabbitmq';

/** Seconds between two looks at the queues. */
const pollingInterval = 15;

/** Looks in a row without an answer after which the number of pods is no longer left to chance. */
const failureThreshold = 3;

/** The longest period, in seconds, that Kubernetes takes in a rule for scaling. */
const longestPeriod = 1_800;

/** Seconds for which fewer pods must be enough before any is taken away. */
const scaleInAfter = 300;

/**
 * As many pods of each consuming service as its queues need. The objects are KEDA's, and in a file of their own: a
 * cluster without KEDA does without that file.
 */
export class AutoscalingChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    new TriggerAuthentication(this, 'broker', {
      metadata: { name: broker },
      spec: { secretTargetRef: [{ parameter: 'host', name: broker, key: brokerUrlKey }] },
    });
    for (const each of autoscaledOf(platform, profile)) {
      const { service, minReplicas, maxReplicas } = each;
      new ScaledObject(this, service, {
        metadata: { name: service, labels: workloadLabels(service, 'service') },
        spec: {
          scaleTargetRef: { kind: 'Deployment', name: service },
          minReplicaCount: minReplicas,
          maxReplicaCount: maxReplicas,
          pollingInterval,
          cooldownPeriod: scaleInAfter,
          // While RabbitMQ does not answer there is no telling what is needed: pods that are there stay.
          fallback: {
            failureThreshold,
            replicas: minReplicas,
            behavior: ScaledObjectSpecFallbackBehavior.CURRENT_REPLICAS_IF_HIGHER,
          },
          advanced: { horizontalPodAutoscalerConfig: { behavior: behaviorOf(platform, service) } },
          triggers: triggersOf(each),
        },
      });
    }
  }
}

/**
 * Each queue asks for a pod for every two times what one pod handles at once. Messages that are being handled count
 * for nothing: KEDA sees those that wait.
 */
function triggersOf({ queues }: Autoscaled): ScaledObjectSpecTriggers[] {
  return queues.map(([queueName, { prefetch }]) => ({
    type: 'rabbitmq',
    metadata: { protocol: 'amqp', mode: 'QueueLength', value: String(2 * prefetch), queueName },
    authenticationRef: { name: broker },
  }));
}

/** More pods at once, up to twice as many in half a minute; fewer one by one, each with the time it needs to end. */
function behaviorOf(
  platform: Platform,
  service: string,
): ScaledObjectSpecAdvancedHorizontalPodAutoscalerConfigBehavior {
  const { terminationSeconds } = graceOf(platform, service);
  return {
    scaleUp: {
      stabilizationWindowSeconds: 0,
      policies: [{ type: 'Percent', value: 100, periodSeconds: 30 }],
    },
    scaleDown: {
      stabilizationWindowSeconds: scaleInAfter,
      policies: [
        { type: 'Pods', value: 1, periodSeconds: Math.min(longestPeriod, Math.max(60, terminationSeconds)) },
      ],
    },
  };
}
