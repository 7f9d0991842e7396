import { brokerUser } from '../../charts/credentials.ts';
import type { Profile } from '../../charts/profile.ts';
import { rabbitmqPorts, redisPort } from '../../charts/providers.ts';
import type { CeleryAddress } from '../players/played-platform.ts';
import type { Cluster } from './connection.ts';
import { readSecret } from './secret.ts';

/** A server that clients of tasks connect to: the one that calls go to, or the one that results are in. */
export interface CeleryServer {
  readonly purpose: keyof CeleryAddress;
  readonly service: string;
  readonly port: number;
}

/** The servers of a profile's cluster for clients of tasks; undefined where one of them is outside of it. */
export function celeryServersOf({ outside }: Pick<Profile, 'outside'>): readonly CeleryServer[] | undefined {
  if (outside.rabbitmq !== undefined || outside.redis !== undefined) return undefined;
  return [
    { purpose: 'broker', service: 'rabbitmq', port: rabbitmqPorts.amqp },
    { purpose: 'results', service: 'redis', port: redisPort },
  ];
}

/**
 * The passwords that the services themselves have: those of operators may do less.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE
 */
export async function celeryPasswords(
  cluster: Pick<Cluster, 'core' | 'failure'>,
  namespace: string,
): Promise<CeleryAddress> {
  const [broker, results] = await Promise.all([
    readSecret(cluster, namespace, 'rabbitmq', 'RABBITMQ_PASS'),
    readSecret(cluster, namespace, 'redis', 'REDIS_PASSWORD'),
  ]);
  return { broker, results };
}

/** Where clients on this machine find the servers, by the ports that lead to them. */
export function celeryAddress(
  passwords: CeleryAddress,
  ports: Readonly<Record<keyof CeleryAddress, number>>,
): CeleryAddress {
  const [broker, results] = [encodeURIComponent(passwords.broker), encodeURIComponent(passwords.results)];
  return {
    broker: `amqp://${encodeURIComponent(brokerUser)}:${broker}@127.0.0.1:${ports.broker}`,
    results: `redis://:${results}@127.0.0.1:${ports.results}`,
  };
}
