import type { Platform } from '../workers/platform/platform.ts';
import type { Supervisor } from './processes/supervisor.ts';

/** All processes of a stack, services by name. */
export interface StackProcesses {
  readonly redis: Supervisor;
  readonly rabbitmq: Supervisor;
  readonly services: ReadonlyMap<string, Supervisor>;
  /** What watches the others. */
  readonly watchers: readonly Supervisor[];
}

/**
 * Starts the servers at once, and each service as soon as the servers it uses are ready.
 * @throws PlatformError LOCAL_STACK_FAILED as soon as one of them fails, or the reason of the aborted signal;
 *   what has been started until then runs on, nothing more is started
 */
export async function startProcesses(
  platform: Platform,
  { redis, rabbitmq, services }: StackProcesses,
  outer?: AbortSignal,
): Promise<void> {
  outer?.throwIfAborted();
  const failed = new AbortController();
  const signal = AbortSignal.any(outer === undefined ? [failed.signal] : [failed.signal, outer]);
  const servers: Readonly<Record<string, Promise<void>>> = {
    redis: redis.start(),
    rabbitmq: rabbitmq.start(),
  };
  const startService = async (name: string, service: Supervisor) => {
    await Promise.all(platform.services[name]?.uses.map((dependency) => servers[dependency]) ?? []);
    signal.throwIfAborted();
    await service.start();
  };
  const all = [...Object.values(servers), ...[...services].map((each) => startService(...each))];
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    await Promise.race([Promise.all(all), aborted]);
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

/**
 * Starts what watches the platform, which runs without it.
 * @returns what did not start, and why
 */
export async function startWatchers({
  watchers,
}: Pick<StackProcesses, 'watchers'>): Promise<readonly string[]> {
  const results = await Promise.allSettled(watchers.map((each) => each.start()));
  return results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
}

/**
 * Stops the services, which finish their work meanwhile, then RabbitMQ, then Redis; what watches them stops at once.
 * @param keepData ends the servers cleanly, which takes some seconds; otherwise their data is given up
 */
export async function stopProcesses(
  { redis, rabbitmq, services, watchers }: StackProcesses,
  keepData: boolean,
): Promise<void> {
  const stopServer = (server: Supervisor) => (keepData ? server.stop() : server.takeDown());
  await Promise.all([
    ...watchers.map(stopServer),
    ...[...services.values()].map((service) => service.stop()),
  ]);
  for (const server of [rabbitmq, redis]) await stopServer(server);
}
