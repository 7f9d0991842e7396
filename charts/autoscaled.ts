import type { Platform } from '../workers/platform/platform.ts';
import type { QueueDeclaration } from '../workers/platform/queues.ts';
import type { Profile } from './profile.ts';
import { servicesOf } from './providers.ts';

/** A queue, and how many of its messages one pod handles at once. */
type ScaledBy = readonly [name: string, queue: Pick<QueueDeclaration, 'prefetch'>];

/** A service whose pods are as many as its queues need. */
export interface Autoscaled {
  readonly service: string;
  readonly queues: readonly ScaledBy[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** The services that an autoscaler owns the number of pods of: those of the product that consume queues, of messages or of tasks. */
export function autoscaledOf(platform: Platform, profile: Profile): readonly Autoscaled[] {
  if (!profile.autoscaling.enabled) return [];
  const { replicas, replicasOf } = profile.services;
  return servicesOf(platform, profile)
    .filter(([, { kind }]) => kind === 'product')
    .map(([service, { taskQueue }]) => {
      const minReplicas = replicasOf[service] ?? replicas;
      return {
        service,
        queues: [...queuesOf(platform, service), ...taskQueueOf(platform, taskQueue)],
        minReplicas,
        maxReplicas: Math.max(minReplicas, profile.autoscaling.maxReplicas),
      };
    })
    .filter(({ queues }) => queues.length > 0);
}

function queuesOf({ queues }: Platform, service: string): readonly ScaledBy[] {
  return Object.entries(queues).filter(([, { consumer }]) => consumer === service);
}

function taskQueueOf({ taskQueues }: Platform, name: string | undefined): readonly ScaledBy[] {
  const queue = name === undefined ? undefined : taskQueues[name];
  return name === undefined || queue === undefined ? [] : [[name, { prefetch: queue.concurrency }]];
}
