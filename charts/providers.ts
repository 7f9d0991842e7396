import { PlatformError } from '../workers/platform/errors.ts';
import type { Platform } from '../workers/platform/platform.ts';
import { metricsPorts } from '../workers/platform/scrape-jobs.ts';
import type { Dependency, ServiceDeclaration } from '../workers/platform/services.ts';
import type { Profile } from './profile.ts';

/** The ports of the servers that are not services of ours. */
export const redisPort = 6379;
export const rabbitmqPorts = {
  amqp: 5672,
  management: 15672,
  prometheus: metricsPorts.rabbitmq,
} as const;
export const redisExporterPort = metricsPorts.redisExporter;
export const nodeExporterPort = metricsPorts.nodeExporter;
export const prometheusPort = 9090;
export const alertmanagerPorts = { web: 9093, mesh: 9094 } as const;
export const grafanaPort = 3000;
export const flowerPort = 5555;

/** The workload of all pods that publish what the schedule has due. */
export const beatName = 'beat';

/** The workload of the pods that add demo restaurants and accounts. */
export const seedName = 'seed';

/** Names of workloads that are no service of ours; none of ours may take one. */
export const systemNames: readonly string[] = [
  'redis',
  'rabbitmq',
  'prometheus',
  'alertmanager',
  'redis-exporter',
  'node-exporter',
  'kubelet',
  'grafana',
  'flower',
  beatName,
  seedName,
];

/** Who answers for a dependency in the cluster: a workload and a port of its pods. */
export interface Provider {
  readonly workload: string;
  readonly port: number;
}

/** What the platform does without where a profile has none: then Redis takes its place. */
const optional: readonly Dependency[] = ['mongodb', 'object-storage'];

/** The dependencies of a service or command that a profile has. */
export function dependenciesIn(profile: Profile, uses: readonly Dependency[]): readonly Dependency[] {
  const outside: readonly string[] = Object.keys(profile.outside);
  return uses.filter((each) => !optional.includes(each) || outside.includes(each));
}

/** The services that a profile runs: the stand-ins for the outside world only where it has a sandbox. */
export function servicesOf(
  platform: Platform,
  profile: Profile,
): readonly (readonly [string, ServiceDeclaration])[] {
  return Object.entries(platform.services).filter(
    ([, { kind }]) => kind === 'product' || (kind === 'sandbox' && profile.sandbox),
  );
}

/**
 * Who answers for a dependency in the cluster; `undefined` if it is outside.
 * @throws PlatformError CONFIG_INVALID if it is to be inside and nothing that the profile runs answers for it
 */
export function providerOf(
  platform: Platform,
  profile: Profile,
  dependency: Dependency,
): Provider | undefined {
  const service = (workload: string, portName?: string): Provider => {
    const declaration = Object.fromEntries(servicesOf(platform, profile))[workload];
    const port = portName === undefined ? declaration?.port : declaration?.extraPorts?.[portName];
    if (port === undefined) {
      throw new PlatformError(
        'CONFIG_INVALID',
        `profile ${profile.name}: ${dependency} must be outside the cluster, since ${workload} is not in it`,
      );
    }
    return { workload, port };
  };
  if (dependency === 'auth-service') return service(dependency);
  if (profile.outside[dependency] !== undefined) return undefined;
  switch (dependency) {
    case 'redis':
      return { workload: 'redis', port: redisPort };
    case 'rabbitmq':
      return { workload: 'rabbitmq', port: rabbitmqPorts.amqp };
    case 'payment-provider':
      return service('payment-sandbox');
    case 'mail':
      return service('message-catcher', 'smtp');
    case 'sms':
      return service('message-catcher');
    case 'mongodb':
    case 'object-storage':
    case 'internet':
      return undefined;
  }
}
