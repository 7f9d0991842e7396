import { brokerUser, demoPassword } from '../../charts/credentials.ts';
import type { Profile } from '../../charts/profile.ts';
import { rabbitmqPorts, redisPort, seedName, servicesOf } from '../../charts/providers.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { brokerCredentials, brokerManagement } from '../cluster/cluster-broker.ts';
import type { Cluster } from '../cluster/connection.ts';
import { type Forward, openForward } from '../cluster/forward.ts';
import { runJob } from '../cluster/run-job.ts';
import { secretValue } from '../cluster/secrets.ts';
import { findReadyPod, type ServicePort } from '../cluster/service-pods.ts';
import { type CeleryAddress, type PlayedPlatform, sizeArguments, type TownSize } from './played-platform.ts';

/** How long the seed command may take, the start of its pod included, in milliseconds. */
const seedMs = 180_000;

/** A platform on a cluster, reached through ports of this machine until they are closed. */
export interface PlayedCluster extends PlayedPlatform {
  close(): Promise<void>;
}

/**
 * Opens a way to every service of a platform on a cluster, to its RabbitMQ, and to its Redis.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE if one of them is not there
 */
export async function openPlayedCluster(
  cluster: Cluster,
  platform: Platform,
  profile: Profile,
  signal: AbortSignal,
): Promise<PlayedCluster> {
  const { namespace } = profile;
  const forwards: Forward[] = [];
  const close = async () => {
    await Promise.all(forwards.map((forward) => forward.close()));
  };
  const open = async (target: ServicePort) => {
    await findReadyPod(cluster, target);
    const forward = await openForward(cluster, target, 0);
    forwards.push(forward);
    return forward;
  };
  try {
    const credentials = await brokerCredentials(cluster, namespace);
    const services = servicesOf(platform, profile).map(([service, { port }]) => ({ service, port }));
    const urls: Record<string, string> = {};
    for (const { service, port } of services) urls[service] = (await open({ namespace, service, port })).url;
    const management = await open({ namespace, ...brokerManagement });
    const celery = await openCelery(cluster, profile, open);
    return {
      urls,
      management: { url: management.url, ...credentials },
      ...(celery && { celery }),
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
  return { output, password: await secretValue(cluster, namespace, demoPassword) };
}

/**
 * Opens a way to the broker of the tasks and to the Redis of their results, where both are in the cluster: what is
 * outside may well not be reached from here.
 */
async function openCelery(
  cluster: Cluster,
  { namespace, outside }: Profile,
  open: (target: ServicePort) => Promise<Forward>,
): Promise<CeleryAddress | undefined> {
  if (outside.rabbitmq !== undefined || outside.redis !== undefined) return undefined;
  const passwordOf = async (secret: string, key: string) =>
    encodeURIComponent(await secretValue(cluster, namespace, { secret, key }));
  const brokerPassword = await passwordOf('rabbitmq', 'RABBITMQ_PASS');
  const redisPassword = await passwordOf('redis', 'REDIS_PASSWORD');
  const amqp = await open({ namespace, service: 'rabbitmq', port: rabbitmqPorts.amqp });
  const results = await open({ namespace, service: 'redis', port: redisPort });
  return {
    broker: `amqp://${brokerUser}:${brokerPassword}@127.0.0.1:${amqp.port}/`,
    results: `redis://:${redisPassword}@127.0.0.1:${results.port}`,
  };
}
