import { type SmartEats, smartEats } from '../../workers/platform/platform.ts';
import { readConfiguration } from '../../workers/services/host/configuration.ts';
import { createHttpServer } from '../../workers/services/host/http-server.ts';
import type { ServiceDeps, ServiceModule } from '../../workers/services/host/service-module.ts';
import { createLogger } from '../../workers/telemetry/log.ts';
import { createMetrics } from '../../workers/telemetry/metrics.ts';

type Sandbox = 'payment-sandbox' | 'message-catcher';

/** Serves a module that needs neither Redis nor RabbitMQ on a free port of this process. */
export async function serveSandbox<Service extends Sandbox>(
  service: Service,
  module: ServiceModule<SmartEats, Service>,
  env: Readonly<Record<string, string>> = {},
): Promise<{ url: string; close: () => Promise<void> }> {
  const log = createLogger({ service: 'test', level: 'fatal' });
  const metrics = createMetrics(service);
  const app = createHttpServer({ log, metrics });
  const deps = {
    platform: smartEats,
    config: readConfiguration(smartEats, service, { HOST: '127.0.0.1', ...env }),
    log,
    metrics,
    stopping: new AbortController().signal,
    state: undefined,
    publisher: undefined,
    messaging: undefined,
    // A sandbox declares that it uses nothing, which the type of a service not yet known cannot say.
  } as unknown as ServiceDeps<SmartEats, Service>;
  await module.routes?.(app, deps);
  const background = await module.background?.(deps);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    close: async () => {
      await app.close();
      await background?.stop();
    },
  };
}
