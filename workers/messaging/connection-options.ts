import type { TLSSocketOptions } from 'node:tls';
import type { Options } from 'amqplib';
import { PlatformError } from '../platform/errors.ts';

/** Where the broker is: a URL (`amqps://` for TLS), or its parts. */
export type BrokerAddress =
  | { readonly url: string }
  | {
      readonly host: string;
      /** @default 5672, or 5671 with TLS */
      readonly port?: number;
      readonly user: string;
      readonly password: string;
      /** @default '/' */
      readonly vhost?: string;
    };

/** How to connect. */
export type ConnectionOptions = BrokerAddress & {
  /**
   * Seconds between heartbeats, as AMQP negotiates them. A connection on which nothing arrives for two of them
   * is given up; at least 1.
   * @default 10
   */
  readonly heartbeatSeconds?: number;
  /** Time in milliseconds for TCP, TLS and the handshake of AMQP to make progress. @default 10 000 */
  readonly connectTimeoutMs?: number;
  /** Certificates, for `amqps://`. */
  readonly tls?: Pick<TLSSocketOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase'>;
};

/** An address as amqplib takes it, and as people may see it. */
export interface BrokerTarget {
  readonly connect: Options.Connect;
  /** Without user and password. */
  readonly display: string;
}

/**
 * Reads the address of the broker (RabbitMQ's URI specification: user, password and virtual host are
 * percent-encoded; no path means the virtual host `/`).
 *
 * @throws PlatformError CONFIG_INVALID
 */
export function brokerTarget(options: ConnectionOptions): BrokerTarget {
  const parts = 'url' in options ? partsOfUrl(options.url) : { ...options, protocol: 'amqp' };
  const port = parts.port ?? (parts.protocol === 'amqps' ? 5671 : 5672);
  const vhost = parts.vhost ?? '/';
  return {
    connect: {
      protocol: parts.protocol,
      hostname: parts.host,
      port,
      username: parts.user,
      password: parts.password,
      // amqplib decodes the virtual host, in an object too.
      vhost: encodeURIComponent(vhost),
      heartbeat: Math.max(1, Math.round(options.heartbeatSeconds ?? 10)),
    },
    display: `${parts.protocol}://${parts.host}:${port}/${encodeURIComponent(vhost)}`,
  };
}

function partsOfUrl(text: string) {
  // The URL may hold a password, so no error names it.
  const invalid = (why: string) => new PlatformError('CONFIG_INVALID', `the URL of RabbitMQ ${why}`);
  if (!URL.canParse(text)) throw invalid('cannot be parsed');
  const url = new URL(text);
  const protocol = url.protocol.slice(0, -1);
  if (protocol !== 'amqp' && protocol !== 'amqps') throw invalid('must begin with amqp:// or amqps://');
  if (url.hostname === '') throw invalid('names no host');
  const decode = (part: string) => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw invalid('has a % that begins no encoded character');
    }
  };
  return {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
    user: url.username === '' ? 'guest' : decode(url.username),
    password: url.username === '' && url.password === '' ? 'guest' : decode(url.password),
    vhost: url.pathname === '' || url.pathname === '/' ? '/' : decode(url.pathname.slice(1)),
  };
}
