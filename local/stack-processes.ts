import type { Platform } from '../workers/platform/platform.ts';
import type { Supervisor } from './processes/supervisor.ts';

/** All processes of a stack, services by name. */
export interface StackProcesses {
  readonly redis: Supervisor;
  readonly rabbitmq: Supervisor;
  readonly services: ReadonlyMap<string, Supervisor>;
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
 * Stops the services, which finish their work meanwhile, then RabbitMQ, then Redis.
 * @param keepData ends the servers cleanly, which takes some seconds; otherwise their data is given up
 */
export async function stopProcesses(
  { redis, rabbitmq, services }: StackProcesses,
  keepData: boolean,
): Promise<void> {
  await Promise.all([...services.values()].map((service) => service.stop()));
  for (const server of [rabbitmq, redis]) await (keepData ? server.stop() : server.takeDown());
}
