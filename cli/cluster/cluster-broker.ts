import { brokerUser } from '../../charts/credentials.ts';
import { rabbitmqPorts } from '../../charts/providers.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import { type BrokerAccess, BrokerApi } from './broker-api.ts';
import type { Cluster } from './connection.ts';
import { withForward } from './forward.ts';
import { readSecret } from './secrets.ts';

/** RabbitMQ's Service, its Secret, and the port of its management API. */
export const brokerManagement = { service: 'rabbitmq', port: rabbitmqPorts.management } as const;

/** A user for operators, if the Secret has a password for one; else the services' own user is asked. */
const operator = { user: 'operator', key: 'RABBITMQ_OPERATOR_PASS' };

/**
 * Opens the management API of the RabbitMQ in a namespace, for as long as `use` takes.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE if there is none, or it is not ready
 */
export async function withBroker<T>(
  cluster: Cluster,
  namespace: string,
  use: (broker: BrokerApi, access: BrokerAccess) => Promise<T>,
): Promise<T> {
  const credentials = await brokerCredentials(cluster, namespace);
  return withForward(cluster, { namespace, ...brokerManagement }, ({ url }) => {
    const access = { url, ...credentials };
    return use(new BrokerApi(access), access);
  });
}

/** Who to log in as at the management API, from the Secret `rabbitmq`. */
export async function brokerCredentials(
  cluster: Cluster,
  namespace: string,
): Promise<{ readonly user: string; readonly password: string }> {
  const secret = await readSecret(cluster, namespace, brokerManagement.service);
  const operatorPassword = secret?.[operator.key];
  if (operatorPassword !== undefined) return { user: operator.user, password: operatorPassword };
  const password = secret?.['RABBITMQ_PASS'];
  if (password !== undefined) return { user: brokerUser, password };
  throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', `RabbitMQ is not in ${namespace}`);
}
