import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type VariableName, variablesOf } from '../workers/platform/environment.ts';
import type { Platform } from '../workers/platform/platform.ts';

/** Where the parts of one running stack are found. */
export interface StackAddresses {
  readonly redisUrl: string;
  readonly amqpUrl: string;
  /** Ports of each service: the HTTP server's as `http`, the others by the names of the declaration. */
  readonly ports: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The run's directory. */
  readonly directory: string;
}

/** Milliseconds that a service has for finishing its work when the stack stops. */
const serviceGraceMs = 8_000;

/** What a process may see of this one's environment. Whatever else is set here is not meant for the stack. */
const inherited = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_EXTRA_CA_CERTS'] as const;

/**
 * The environment variables of one service: of all the stack has to say, those that the declarations let it read.
 * @param overrides take the place of the stack's own values
 */
export function serviceEnvironment(
  platform: Platform,
  service: string,
  addresses: StackAddresses,
  overrides: Partial<Record<VariableName, string>> = {},
): Record<string, string> {
  const values = { ...stackValues(addresses), ...overrides };
  const own: Partial<Record<VariableName, string | undefined>> = {
    PORT: addresses.ports[service]?.['http']?.toString(),
  };
  const variables = variablesOf(platform, service).map((name) => [name, own[name] ?? values[name]]);
  const surroundings = inherited.map((name) => [name, process.env[name]]);
  return Object.fromEntries([...surroundings, ...variables].filter(([, value]) => value !== undefined));
}

function stackValues(addresses: StackAddresses): Partial<Record<VariableName, string | undefined>> {
  const url = (scheme: string, service: string, port = 'http', path = '') => {
    const number = addresses.ports[service]?.[port];
    return number === undefined ? undefined : `${scheme}://127.0.0.1:${number}${path}`;
  };
  return {
    HOST: '127.0.0.1',
    SHUTDOWN_GRACE_MS: String(serviceGraceMs),
    REDIS_URL: addresses.redisUrl,
    RABBITMQ_URL: addresses.amqpUrl,
    AUTH_SERVICE_URL: url('http', 'auth-service'),
    PAYMENT_API_URL: url('http', 'payment-sandbox'),
    SMTP_URL: url('smtp', 'message-catcher', 'smtp'),
    SMTP_PORT: addresses.ports['message-catcher']?.['smtp']?.toString(),
    SMS_API_URL: url('http', 'message-catcher', 'http', '/sms'),
    PUBLIC_URL: url('http', 'api-gateway'),
    // The same for every process of the run; the broker's address holds a password made for it.
    REPORT_LINK_SECRET: createHash('sha256').update(addresses.amqpUrl).digest('hex'),
    REPORTS_DIRECTORY: join(addresses.directory, 'reports'),
    SANDBOX_LEDGER_FILE: join(addresses.directory, 'payment-ledger'),
  };
}
