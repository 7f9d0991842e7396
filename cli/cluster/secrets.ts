import { PlatformError } from '../../workers/platform/errors.ts';
import type { Cluster } from './connection.ts';
import { refusalStatus } from './failures.ts';

/**
 * The values of a Secret, by their keys.
 * @returns undefined where there is none of this name
 * @throws PlatformError as `Cluster.failure` makes it
 */
export async function readSecret(
  cluster: Cluster,
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, string | undefined>> | undefined> {
  const secret = await cluster.core.readNamespacedSecret({ namespace, name }).catch((error: unknown) => {
    if (refusalStatus(error) === 404) return undefined;
    throw cluster.failure(error);
  });
  if (secret === undefined) return undefined;
  const entries = Object.entries(secret.data ?? {});
  return Object.fromEntries(
    entries.map(([key, encoded]) => [key, Buffer.from(encoded, 'base64').toString('utf8')]),
  );
}

/**
 * One value of a Secret that has to be there.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE where it is not; otherwise as `Cluster.failure` makes it
 */
export async function secretValue(
  cluster: Cluster,
  namespace: string,
  { secret, key }: { readonly secret: string; readonly key: string },
): Promise<string> {
  const value = (await readSecret(cluster, namespace, secret))?.[key];
  if (value !== undefined) return value;
  throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', `Secret ${secret} has no ${key}`);
}
