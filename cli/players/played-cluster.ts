import { demoPassword } from '../../charts/credentials.ts';
import type { Profile } from '../../charts/profile.ts';
import { seedName, servicesOf } from '../../charts/providers.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { brokerCredentials, brokerManagement } from '../cluster/cluster-broker.ts';
import type { Cluster } from '../cluster/connection.ts';
import { type Forward, openForward } from '../cluster/forward.ts';
import { runJob } from '../cluster/run-job.ts';
import { findReadyPod } from '../cluster/service-pods.ts';
import { type PlayedPlatform, sizeArguments, type TownSize } from './played-platform.ts';

/** How long the seed command may take, the start of its pod included, in milliseconds. */
const seedMs = 180_000;

/** A platform on a cluster, reached through ports of this machine until they are closed. */
export interface PlayedCluster extends PlayedPlatform {
  close(): Promise<void>;
}

/**
 * Opens a way to every service of a platform on a cluster, and to its RabbitMQ.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE if one of them is not there
 */
export async function openPlayedCluster(
  cluster: Cluster,
  platform: Platform,
  profile: Profile,
  signal: AbortSignal,
): Promise<PlayedCluster> {
  const { namespace } = profile;
  const forwards = new Map<string, Forward>();
  const close = async () => {
    await Promise.all([...forwards.values()].map((forward) => forward.close()));
  };
  try {
    const credentials = await brokerCredentials(cluster, namespace);
    const services = servicesOf(platform, profile).map(([service, { port }]) => ({ service, port }));
    for (const { service, port } of [...services, brokerManagement]) {
      const target = { namespace, service, port };
      await findReadyPod(cluster, target);
      forwards.set(service, await openForward(cluster, target, 0));
    }
    const urlOf = (service: string) => forwards.get(service)?.url ?? '';
    return {
      urls: Object.fromEntries(services.map(({ service }) => [service, urlOf(service)])),
      management: { url: urlOf(brokerManagement.service), ...credentials },
      seed: (size) => seedCluster(cluster, namespace, size, signal),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Adds demo data to a platform on a cluster, with a Job there.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE where the profile has no demo data; CLUSTER_JOB_FAILED
 */
export async function seedCluster(
  cluster: Cluster,
  namespace: string,
  size: TownSize,
  signal: AbortSignal,
): Promise<{ readonly output: string; readonly password: string }> {
  const output = await runJob(cluster, {
    namespace,
    cronJob: seedName,
    args: sizeArguments(size),
    timeoutMs: seedMs,
    signal,
  });
  const { secret, key } = demoPassword;
  const { data } = await cluster.core
    .readNamespacedSecret({ namespace, name: secret })
    .catch((error: unknown) => {
      throw cluster.failure(error);
    });
  const encoded = data?.[key];
  if (encoded === undefined) {
    throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', `Secret ${secret} has no ${key}`);
  }
  return { output, password: Buffer.from(encoded, 'base64').toString('utf8') };
}
