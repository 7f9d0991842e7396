import { isIP } from 'node:net';
import type { RedisOptions as LibraryOptions } from 'ioredis';
import type { Environment } from '../platform/environment.ts';

/** Where Redis is: a URL, or host, port and password. The parsed environment of a service fits. */
export type RedisAddress =
  | { readonly REDIS_URL: string }
  | ({ readonly REDIS_URL?: undefined } & Pick<Environment, 'REDIS_HOST' | 'REDIS_PORT' | 'REDIS_PASSWORD'>)
  | Pick<Environment, 'REDIS_URL' | 'REDIS_HOST' | 'REDIS_PORT' | 'REDIS_PASSWORD'>;

/** ioredis' options; how replies are shaped is decided by its default. */
export type RedisOptions = Omit<LibraryOptions, 'replyMapping'>;

/** How long a command may take, in milliseconds; after it the caller gets an answer whatever the server does. */
const commandTimeoutMs = 2_000;

const longestReconnectDelayMs = 2_000;

/**
 * The milliseconds before reconnection attempt `attempt` (counted from 1): soon at first, then up to two seconds,
 * with jitter so that the processes of a platform do not return all at once. Attempts never end.
 */
export function reconnectDelayMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(50 * 2 ** Math.min(attempt - 1, 16), longestReconnectDelayMs);
  return Math.round(base * (0.5 + random() / 2));
}

/**
 * How every connection behaves: it reconnects for ever, and a command is sent at most once and answered in time.
 * ioredis' own queue of commands for a server that is away is off, because it keeps commands whose callers have
 * given up and executes them later; `maxRetriesPerRequest: 0` answers a command that was under way when the
 * connection broke, rather than sending it a second time.
 */
const behaviour = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  // Ours, in RedisSubscriber: the library's own leaves a rejected promise to nobody.
  autoResubscribe: false,
  retryStrategy: (attempt: number) => reconnectDelayMs(attempt),
  // A connection to a server that became a replica leads nowhere; the name may lead to the new primary.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  connectTimeout: 2_000,
  commandTimeout: commandTimeoutMs,
  // A socket that owes an answer and is silent for so long is dead, even if no FIN ever came.
  socketTimeout: 3_000,
  disconnectTimeout: 500,
  maxLoadingRetryTime: 500,
  keepAlive: 10_000,
  connectionName: 'smarteats',
} satisfies RedisOptions;

/** ioredis' options for an address; a `rediss://` URL means TLS with the server's name checked. */
export function redisOptions(address: RedisAddress): {
  readonly url?: string;
  readonly options: RedisOptions;
} {
  if (address.REDIS_URL === undefined) {
    const { REDIS_HOST, REDIS_PORT, REDIS_PASSWORD } = address;
    return {
      options: {
        ...behaviour,
        host: unbracketed(REDIS_HOST),
        port: REDIS_PORT,
        ...(REDIS_PASSWORD && { password: REDIS_PASSWORD }),
      },
    };
  }
  const { protocol, hostname } = new URL(address.REDIS_URL);
  const host = unbracketed(hostname);
  // Node sends no server name by itself, and managed servers choose their certificate by it.
  const tls = protocol === 'rediss:' && { tls: isIP(host) === 0 ? { servername: host } : {} };
  return { url: address.REDIS_URL, options: { ...behaviour, ...tls } };
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
