import { findRunningStack, type RunningStack } from '../../local/running-stack.ts';
import { PlatformError } from '../../workers/platform/errors.ts';

/** Where to send tasks; what is not given is found. */
export interface ServerChoice {
  /** Address of the broker, `amqp://…`. */
  readonly broker?: string;
  /** Address of Redis, where results are. */
  readonly redis?: string;
}

/** Where the servers are, credentials included. */
export type ServerAddresses = Pick<RunningStack, 'amqpUrl' | 'redisUrl'>;

/**
 * The servers that are chosen: by options, by Celery's environment variables, or those of the platform that is up here.
 * @throws PlatformError TASK_SERVERS_UNKNOWN
 */
export function serversFor(
  { broker, redis }: ServerChoice,
  env: Readonly<Record<string, string | undefined>> = process.env,
  running: () => ServerAddresses | undefined = findRunningStack,
): ServerAddresses {
  const stack = running();
  const amqpUrl = broker ?? env['CELERY_BROKER_URL'] ?? stack?.amqpUrl;
  const redisUrl = redis ?? env['CELERY_RESULT_BACKEND'] ?? stack?.redisUrl;
  if (amqpUrl === undefined || redisUrl === undefined) throw new PlatformError('TASK_SERVERS_UNKNOWN');
  return { amqpUrl, redisUrl };
}
