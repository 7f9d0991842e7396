import type { Platform, ServiceNameOf } from '../../platform/platform.ts';
import { stopRequested } from './shutdown.ts';
import { type ServiceOptions, startService } from './start-service.ts';

/**
 * Runs a service as this process: from start to SIGTERM, SIGINT or the end of the process that started it, and
 * then until its work is finished.
 *
 * @returns the exit code: 0 when everything was finished in the grace period, else 1
 * @throws PlatformError CONFIG_INVALID
 */
export async function runService<P extends Platform, Service extends ServiceNameOf<P>>(
  options: ServiceOptions<P, Service>,
): Promise<number> {
  const stop = stopRequested();
  const service = await startService(options);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      service.log.fatal({ err: error, event }, 'a fault that nobody handled; the process ends');
      process.exit(1);
    });
  }
  const reason = await stop;
  service.log.info({ reason }, 'service stops');
  return (await service.stop()) ? 0 : 1;
}
