import type { ConnectionOptions } from '../../messaging/connection-options.ts';
import type { Environment } from '../../platform/environment.ts';

/**
 * What the host itself reads from the configuration of a service. A variable is there where the service uses what
 * it is for.
 */
export type HostConfiguration = Pick<
  Environment,
  | 'HOST'
  | 'PORT'
  | 'LOG_LEVEL'
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  | 'OTEL_TRACES_SAMPLER_ARG'
  | 'SHUTDOWN_GRACE_MS'
  | 'REDIS_URL'
  | 'REDIS_HOST'
  | 'REDIS_PORT'
  | 'REDIS_PASSWORD'
  | 'MONGODB_URI'
  | 'RABBITMQ_URL'
  | 'RABBITMQ_HOST'
  | 'RABBITMQ_PORT'
  | 'RABBITMQ_USER'
  | 'RABBITMQ_PASS'
> &
  Partial<Pick<Environment, 'TRUST_PROXY'>>;

type BrokerSettings = Pick<
  Environment,
  'RABBITMQ_URL' | 'RABBITMQ_HOST' | 'RABBITMQ_PORT' | 'RABBITMQ_USER' | 'RABBITMQ_PASS'
>;

/** Where the broker of Celery's tasks is: RabbitMQ, unless it has one of its own. */
export function celeryBroker(
  config: BrokerSettings & Partial<Pick<Environment, 'CELERY_BROKER_URL'>>,
): ConnectionOptions {
  const { CELERY_BROKER_URL: url } = config;
  return url === undefined ? brokerAddress(config) : { url };
}

/** Where RabbitMQ is: its URL where one is given, else its parts. */
export function brokerAddress(config: BrokerSettings): ConnectionOptions {
  if (config.RABBITMQ_URL !== undefined) return { url: config.RABBITMQ_URL };
  return {
    host: config.RABBITMQ_HOST,
    port: config.RABBITMQ_PORT,
    user: config.RABBITMQ_USER,
    password: config.RABBITMQ_PASS,
  };
}
