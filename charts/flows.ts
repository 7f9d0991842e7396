import { commands } from '../workers/platform/commands.ts';
import type { Platform } from '../workers/platform/platform.ts';
import type { Dependency } from '../workers/platform/services.ts';
import { autoscaledOf } from './autoscaled.ts';
import { type Flow, outsideEnd } from './flow.ts';
import { monitoringFlows } from './monitoring-flows.ts';
import type { OutsideDependency, Profile } from './profile.ts';
import { beatName, dependenciesIn, providerOf, rabbitmqPorts, seedName, servicesOf } from './providers.ts';

/** Erlang's port mapper, and the port that nodes and command line tools of RabbitMQ talk on. */
export const clusterPorts = { epmd: 4369, distribution: 25_672 } as const;

/** Every connection that follows from the declarations; none other is allowed. Names are looked up by all who connect. */
export function flowsOf(platform: Platform, profile: Profile): readonly Flow[] {
  return [
    ...callsOf(platform, profile),
    ...brokerCluster(profile),
    ...flowerFlows(profile),
    ...scheduleFlows(platform, profile),
    ...seedFlows(platform, profile),
    ...autoscalerFlows(platform, profile),
    ...monitoringFlows(platform, profile),
  ];
}

/** What the services connect to, and who may connect to the public ones. */
export function callsOf(platform: Platform, profile: Profile): readonly Flow[] {
  const services = servicesOf(platform, profile);
  const used = services.flatMap(([workload, { uses }]) => flowsTo(uses, workload, platform, profile));
  const reached = services
    .filter(([, service]) => service.public)
    .map(([workload, { port }]): Flow => ({ from: 'anyone', to: { workload }, ports: [port] }));
  return [...used, ...reached];
}

function brokerCluster(profile: Profile): readonly Flow[] {
  if (profile.outside.rabbitmq !== undefined || profile.rabbitmq.nodes === 1) return [];
  const rabbitmq = { workload: 'rabbitmq' };
  return [{ from: rabbitmq, to: rabbitmq, ports: Object.values(clusterPorts) }];
}

/** Flower speaks AMQP with the workers, and asks the management API about queues. */
function flowerFlows(profile: Profile): readonly Flow[] {
  const from = { workload: 'flower' };
  if (profile.outside.rabbitmq === undefined)
    return [{ from, to: { workload: 'rabbitmq' }, ports: [rabbitmqPorts.amqp, rabbitmqPorts.management] }];
  const { to, ports } = outsideEnd(profile, 'rabbitmq');
  return [{ from, to, ports: [...ports, ...profile.flower.managementPorts] }];
}

/** What is due is published to RabbitMQ, and that it was is noted in Redis. */
function scheduleFlows(platform: Platform, profile: Profile): readonly Flow[] {
  if (Object.keys(platform.schedule).length === 0) return [];
  return flowsTo(commands.enqueue.uses, beatName, platform, profile);
}

/** Demo data goes to where the records are. */
function seedFlows(platform: Platform, profile: Profile): readonly Flow[] {
  return profile.sandbox ? flowsTo(commands.seed.uses, seedName, platform, profile) : [];
}

/** The connections of a workload to what it uses. */
function flowsTo(
  uses: readonly Dependency[],
  workload: string,
  platform: Platform,
  profile: Profile,
): readonly Flow[] {
  return dependenciesIn(profile, uses).map((dependency) => {
    const provider = providerOf(platform, profile, dependency);
    if (provider) return { from: { workload }, to: { workload: provider.workload }, ports: [provider.port] };
    // providerOf finds every service of ours inside, so what it does not find is one of the others.
    return { from: { workload }, ...outsideEnd(profile, dependency as OutsideDependency) };
  });
}

/** KEDA looks at the queues itself, from its own namespace. */
function autoscalerFlows(platform: Platform, profile: Profile): readonly Flow[] {
  const broker = providerOf(platform, profile, 'rabbitmq');
  if (!broker || autoscaledOf(platform, profile).length === 0) return [];
  const { namespace } = profile.autoscaling;
  const from = { namespace, labels: { app: 'keda-operator' } };
  return [{ from, to: { workload: broker.workload }, ports: [broker.port] }];
}
