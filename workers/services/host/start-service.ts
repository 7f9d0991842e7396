import { setMaxListeners } from 'node:events';
import type { FastifyPluginAsync, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { QueueHandler } from '../../messaging/handlers.ts';
import { createMessaging, type Messaging } from '../../messaging/runtime.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { Platform, QueueNameOf, ServiceNameOf } from '../../platform/platform.ts';
import { openState, type State } from '../../state/state.ts';
import { createLiveness } from '../../telemetry/liveness.ts';
import { createLogger, type Logger } from '../../telemetry/log.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { recordedTraceId, startTracing } from '../../telemetry/tracing.ts';
import { readConfiguration } from './configuration.ts';
import { brokerAddress, type HostConfiguration } from './connections.ts';
import { createHttpServer } from './http-server.ts';
import {
  expectMessages,
  exposeAccounts,
  measureMessaging,
  measureState,
  watchHandlers,
} from './messaging-telemetry.ts';
import { addProbes } from './probes.ts';
import { readinessOf } from './readiness.ts';
import { followRequests } from './requests-under-way.ts';
import type { App, Background, ServiceDeps, ServiceModule } from './service-module.ts';
import { shutDown } from './shutdown.ts';

export interface ServiceOptions<P extends Platform, Service extends ServiceNameOf<P>> {
  readonly platform: P;
  readonly role: Service;
  readonly module: ServiceModule<P, Service>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @default a logger on standard output with the configured level */
  readonly log?: Logger;
}

/** A service that runs in this process. */
export interface RunningService {
  readonly log: Logger;
  /**
   * Stops taking requests and messages, finishes those under way, and closes every connection.
   * Called again it waits for the same.
   * @returns whether all of it ended well within the configured grace period
   */
  stop(): Promise<boolean>;
}

/** The time kept for closing what is left once the messages are settled, in milliseconds. */
const closingReserveMs = 1_000;

/**
 * Starts a service: its HTTP server with probes and metrics at once, its consumers as soon as the broker is there.
 * It waits for Redis and RabbitMQ as long as they are away, and says so at /readyz.
 *
 * @throws PlatformError CONFIG_INVALID
 */
export async function startService<P extends Platform, Service extends ServiceNameOf<P>>(
  options: ServiceOptions<P, Service>,
): Promise<RunningService> {
  const { platform, role, module, env } = options;
  const config = readConfiguration(platform, role, env);
  // The variables the host needs are among those the service reads, for it uses what they are for.
  const hostConfig = config as unknown as HostConfiguration;
  const log = options.log ?? createLogger({ service: role, level: hostConfig.LOG_LEVEL });
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = hostConfig;
  const tracing = endpoint === undefined ? undefined : await startTracing({ service: role, endpoint, ratio });
  const metrics = createMetrics(role, { traceId: recordedTraceId });
  const liveness = createLiveness();
  const stopping = new AbortController();
  // Every event stream that is open listens to it.
  setMaxListeners(0, stopping.signal);
  const { state, messaging } = await connect(platform, role, hostConfig, log);
  const deps = {
    platform,
    config,
    log,
    metrics,
    stopping: stopping.signal,
    state,
    messaging,
    publisher: messaging?.publisher,
    // What the type says about the last three is what `connect` made them by: the declared `uses`.
  } as unknown as ServiceDeps<P, Service>;
  const consumes = subscribe(messaging, module, deps);
  if (messaging !== undefined) {
    measureMessaging(messaging, metrics);
    expectMessages(consumes, metrics);
    watchHandlers(messaging, liveness);
    messaging.on('handled', (attempt) => log.debug(attempt, 'message handled'));
  }
  if (state !== undefined) {
    measureState(state, metrics);
    exposeAccounts(state.ledger, consumes, metrics);
  }

  const app = createHttpServer({ log, metrics, trustProxy: hostConfig.TRUST_PROXY });
  const requests = followRequests(app);
  let background: Background | undefined;
  const stopOnce = async () => {
    stopping.abort();
    liveness.stop();
    const messagesMs = (limitMs: number) => Math.max(0, limitMs - closingReserveMs);
    const steps = [
      { name: 'requests', share: 0.5, run: () => requests.drain() },
      { name: 'messages', run: async (limit: number) => messaging?.close({ graceMs: messagesMs(limit) }) },
      { name: 'background', run: async () => background?.stop() },
      { name: 'http', run: async () => app.close() },
      { name: 'state', run: async () => state?.close() },
      { name: 'traces', run: async () => tracing?.stop() },
    ];
    const clean = await shutDown(steps, hostConfig.SHUTDOWN_GRACE_MS, log);
    log.info({ clean }, 'service stopped');
    return clean;
  };
  let stopped: Promise<boolean> | undefined;
  const stop = () => {
    stopped ??= stopOnce();
    return stopped;
  };
  try {
    addProbes(app, {
      metrics,
      liveness: () => liveness.report(),
      readiness: () =>
        readinessOf({
          redisAnswers: state && (() => state.ready()),
          mongodbAnswers: state?.mongodb && (async () => state.mongodb?.ready() ?? false),
          messaging: messaging?.health(),
          consumes,
          stopping: stopping.signal.aborted,
        }),
    });
    const routes: FastifyPluginAsync<
      Record<never, never>,
      RawServerDefault,
      ZodTypeProvider,
      Logger
    > = async (scope) => module.routes?.(scope, deps);
    await app.register(routes);
    background = await module.background?.(deps);
    const port = hostConfig.PORT ?? platform.services[role]?.port ?? 0;
    await listen(app, { role, host: hostConfig.HOST, port });
    messaging?.start();
    log.info({ port, consumes }, 'service started');
    return { log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Why a server cannot listen: the address or the port is another's, or not for us to use. */
const unusableAddress = ['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'];

/** @throws PlatformError CONFIG_INVALID where HOST and PORT cannot be listened on */
async function listen(
  app: App,
  { role, host, port }: { readonly role: string; readonly host: string; readonly port: number },
): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException; // What Node.js says of a server that cannot listen.
    if (!unusableAddress.includes(code)) throw cause;
    const text = `${role}: HOST and PORT: cannot listen on ${host}:${port} (${code})`;
    throw new PlatformError('CONFIG_INVALID', text, { cause });
  }
}

/** Opens what the service's declaration says it uses. Both connect by themselves, now or later. */
async function connect<P extends Platform>(
  platform: P,
  service: ServiceNameOf<P>,
  config: HostConfiguration,
  log: Logger,
): Promise<{ readonly state: State | undefined; readonly messaging: Messaging<P> | undefined }> {
  const uses = platform.services[service]?.uses ?? [];
  const state = uses.includes('redis') ? await openState(config, log) : undefined;
  if (!uses.includes('rabbitmq')) return { state, messaging: undefined };
  if (state === undefined) {
    throw new PlatformError(
      'PLATFORM_DECLARATION_INVALID',
      `service ${service} uses rabbitmq without redis, which keeps the accounts of its messages`,
    );
  }
  const connection = brokerAddress(config);
  return { state, messaging: createMessaging({ platform, service, connection, ledger: state.ledger, log }) };
}

/** Hands the service's handlers to the message runtime. @returns the queues they are for */
function subscribe<P extends Platform, Service extends ServiceNameOf<P>>(
  messaging: Messaging<P> | undefined,
  module: ServiceModule<P, Service>,
  deps: ServiceDeps<P, Service>,
): readonly string[] {
  // The module's type has exactly one handler for each queue the service consumes; while P is open, the compiler
  // cannot evaluate it.
  const { handlers } = module as {
    handlers?(deps: ServiceDeps<P, Service>): Record<string, QueueHandler<P, QueueNameOf<P>>>;
  };
  const byQueue = Object.entries(handlers?.(deps) ?? {});
  // The keys of the handlers are names of queues, for the same reason.
  for (const [queue, handler] of byQueue) messaging?.consume(queue as QueueNameOf<P>, handler);
  return byQueue.map(([queue]) => queue);
}
