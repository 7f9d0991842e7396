import { findRunningStack, type RunningStack } from '../../local/running-stack.ts';
import { environment } from '../../workers/platform/environment.ts';
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
 * @throws PlatformError TASK_SERVERS_UNKNOWN, CONFIG_INVALID for an address of another form
 */
export function serversFor(
  { broker, redis }: ServerChoice,
  env: Readonly<Record<string, string | undefined>> = process.env,
  running: () => ServerAddresses | undefined = findRunningStack,
): ServerAddresses {
  const stack = running();
  const amqpUrl = chosen('--broker', broker, 'CELERY_BROKER_URL', env) ?? stack?.amqpUrl;
  const redisUrl = chosen('--redis', redis, 'CELERY_RESULT_BACKEND', env) ?? stack?.redisUrl;
  if (amqpUrl === undefined || redisUrl === undefined) throw new PlatformError('TASK_SERVERS_UNKNOWN');
  return { amqpUrl, redisUrl };
}

/** The address that the option gives, else the variable, in the form that is declared for the variable. */
function chosen(
  option: string,
  given: string | undefined,
  variable: 'CELERY_BROKER_URL' | 'CELERY_RESULT_BACKEND',
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  // An empty variable counts as not set, as it does for the services.
  const parsed = environment[variable].schema.safeParse(given ?? (env[variable] || undefined));
  if (parsed.success) return parsed.data;
  const source = given === undefined ? variable : option;
  throw new PlatformError(
    'CONFIG_INVALID',
    `${source} ${parsed.error.issues.map(({ message }) => message).join('; ')}`,
  );
}
