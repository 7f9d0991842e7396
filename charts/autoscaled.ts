import type { Platform } from '../workers/platform/platform.ts';
import type { QueueDeclaration } from '../workers/platform/queues.ts';
import type { Profile } from './profile.ts';
import { servicesOf } from './providers.ts';

/** A service whose pods are as many as its queues need. */
export interface Autoscaled {
  readonly service: string;
  readonly queues: readonly (readonly [name: string, queue: QueueDeclaration])[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** The services that an autoscaler owns the number of pods of: those of the product that consume queues. */
export function autoscaledOf(platform: Platform, profile: Profile): readonly Autoscaled[] {
  if (!profile.autoscaling.enabled) return [];
  const { replicas, replicasOf } = profile.services;
  return servicesOf(platform, profile)
    .filter(([, { kind }]) => kind === 'product')
    .map(([service]) => {
      const minReplicas = replicasOf[service] ?? replicas;
      return {
        service,
        queues: Object.entries(platform.queues).filter(([, { consumer }]) => consumer === service),
        minReplicas,
        maxReplicas: Math.max(minReplicas, profile.autoscaling.maxReplicas),
      };
    })
    .filter(({ queues }) => queues.length > 0);
}
