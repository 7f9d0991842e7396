import type { Platform } from '../workers/platform/platform.ts';
import type { OutsideDependency, Profile } from './profile.ts';
import { providerOf, servicesOf } from './providers.ts';

/** One connection that the platform makes: who opens it, to whom, and to which TCP ports of the pods there. */
export interface Flow {
  /** A workload; `anyone` for what a public service is reached by. */
  readonly from: { readonly workload: string } | 'anyone';
  readonly to: { readonly workload: string } | { readonly outside: OutsideDependency };
  readonly ports: readonly number[];
}

/** Erlang's port mapper, and the port that nodes and command line tools of RabbitMQ talk on. */
export const clusterPorts = { epmd: 4369, distribution: 25_672 } as const;

/** Every connection that follows from the declarations; none other is allowed. Names are looked up by all who connect. */
export function flowsOf(platform: Platform, profile: Profile): readonly Flow[] {
  const services = servicesOf(platform, profile);
  const used = services.flatMap(([workload, { uses }]) =>
    uses.map((dependency): Flow => {
      const provider = providerOf(platform, profile, dependency);
      if (provider) {
        return { from: { workload }, to: { workload: provider.workload }, ports: [provider.port] };
      }
      // providerOf finds every service of ours inside, so what it does not find is one of the others.
      const outside = dependency as OutsideDependency;
      return { from: { workload }, to: { outside }, ports: profile.outside[outside]?.ports ?? [] };
    }),
  );
  const reached = services
    .filter(([, service]) => service.public)
    .map(([workload, { port }]): Flow => ({ from: 'anyone', to: { workload }, ports: [port] }));
  return [...used, ...reached, ...brokerCluster(profile)];
}

function brokerCluster(profile: Profile): readonly Flow[] {
  if (profile.outside.rabbitmq !== undefined || profile.rabbitmq.nodes === 1) return [];
  const rabbitmq = { workload: 'rabbitmq' };
  return [{ from: rabbitmq, to: rabbitmq, ports: Object.values(clusterPorts) }];
}
