import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { HandlersOf } from '../../messaging/handlers.ts';
import type { Publisher } from '../../messaging/publishing.ts';
import type { Messaging } from '../../messaging/runtime.ts';
import type { ConsumedBy, Platform, ServiceNameOf } from '../../platform/platform.ts';
import type { State } from '../../state/state.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { ConfigurationOf } from './configuration.ts';

/** The HTTP server of a service; zod schemas given to a route type its handler. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse<IncomingMessage>,
  Logger,
  ZodTypeProvider
>;

type Uses<P extends Platform, Service extends ServiceNameOf<P>> = P['services'][Service]['uses'][number];

/** What the host gives a service: only what its declaration says it uses. */
export interface ServiceDeps<P extends Platform, Service extends ServiceNameOf<P>> {
  readonly platform: P;
  /** The variables this service reads, validated. */
  readonly config: ConfigurationOf<P, Service>;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Aborted when the shutdown begins, for work without an end of its own. */
  readonly stopping: AbortSignal;
  /** Redis; its methods throw STATE_UNAVAILABLE while Redis is away. */
  readonly state: 'redis' extends Uses<P, Service> ? State : undefined;
  readonly publisher: 'rabbitmq' extends Uses<P, Service> ? Publisher<P> : undefined;
  readonly messaging: 'rabbitmq' extends Uses<P, Service> ? Messaging<P> : undefined;
}

/** Something a service runs beside its HTTP server and its queues, such as a mail server. */
export interface Background {
  /** Ends it; the host waits for this after the consumers have stopped and before Redis is closed. */
  stop(): Promise<void>;
}

interface Parts<P extends Platform, Service extends ServiceNameOf<P>> {
  /** Adds HTTP routes, in a scope of their own: hooks and error handlers set here concern these routes only. */
  routes?(app: App, deps: ServiceDeps<P, Service>): Promise<void> | void;
  /** Starts before the service is ready; a rejection ends the process. */
  background?(deps: ServiceDeps<P, Service>): Promise<Background>;
}

/**
 * What makes a service: a handler for every queue it consumes, its routes and its background work.
 * A service that consumes a queue and has no handler for it does not compile.
 */
export type ServiceModule<P extends Platform, Service extends ServiceNameOf<P>> = Parts<P, Service> &
  ([ConsumedBy<P, Service>] extends [never]
    ? { readonly handlers?: undefined }
    : { handlers(deps: ServiceDeps<P, Service>): HandlersOf<P, Service> });
