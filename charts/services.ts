import type { Construct } from 'constructs';
import type { Platform } from '../workers/platform/platform.ts';
import { autoscaledOf } from './autoscaled.ts';
import { foodModelOf } from './food-model.ts';
import type { Profile } from './profile.ts';
import { servicesOf } from './providers.ts';
import { SystemChart } from './system-chart.ts';
import { addWorkload } from './workload.ts';

/** The product's own services. */
export class ServicesChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    const { replicas, replicasOf } = profile.services;
    const autoscaled = autoscaledOf(platform, profile).map(({ service }) => service);
    for (const [name, service] of servicesOf(platform, profile)) {
      if (service.kind !== 'product') continue;
      addWorkload(this, name, service, {
        platform,
        profile,
        component: 'service',
        files: foodModelOf(platform, profile, name),
        ...(!autoscaled.includes(name) && { replicas: replicasOf[name] ?? replicas }),
      });
    }
  }
}
