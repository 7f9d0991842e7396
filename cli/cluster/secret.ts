import { PlatformError } from '../../workers/platform/errors.ts';
import type { Cluster } from './connection.ts';

/**
 * The text under a key of a Secret.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE if the Secret has no such key, and as `Cluster.failure` does
 */
export async function readSecret(
  cluster: Pick<Cluster, 'core' | 'failure'>,
  namespace: string,
  name: string,
  key: string,
): Promise<string> {
  const { data } = await cluster.core.readNamespacedSecret({ namespace, name }).catch((error: unknown) => {
    throw cluster.failure(error);
  });
  const encoded = data?.[key];
  if (encoded === undefined) {
    throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', `Secret ${name} has no ${key}`);
  }
  return Buffer.from(encoded, 'base64').toString('utf8');
}
