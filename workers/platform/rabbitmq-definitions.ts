import { createHash } from 'node:crypto';
import type { Platform } from './platform.ts';
import { topologyOf } from './topology.ts';

/** A broker user as definitions name it; the hash is RabbitMQ's salted SHA-256. */
export interface DefinitionsUser {
  readonly name: string;
  readonly passwordHash: string;
  readonly tags: readonly string[];
  /** Which exchanges and queues it may configure, write and read, as a regular expression. @default all */
  readonly resources?: string;
}

/**
 * The definitions a broker loads at start: virtual host, users and the whole topology of the platform.
 * The virtual host's default queue type is quorum, so that a queue an unconfigured client declares bare
 * is the same queue that ours is.
 *
 * @param users omitted where users come from elsewhere
 */
export function rabbitmqDefinitions(
  platform: Platform,
  options: { readonly vhost?: string; readonly users?: readonly DefinitionsUser[] } = {},
): Readonly<Record<string, unknown>> {
  const vhost = options.vhost ?? '/';
  const { exchanges, queues, bindings, policies } = topologyOf(platform);
  return {
    vhosts: [{ name: vhost, default_queue_type: 'quorum', metadata: { default_queue_type: 'quorum' } }],
    ...(options.users && {
      users: options.users.map(({ name, passwordHash, tags }) => ({
        name,
        password_hash: passwordHash,
        hashing_algorithm: 'rabbit_password_hashing_sha256',
        tags: [...tags],
        limits: {},
      })),
      permissions: options.users.map(({ name, resources = '.*' }) => ({
        user: name,
        vhost,
        configure: resources,
        write: resources,
        read: resources,
      })),
    }),
    exchanges: exchanges.map(({ name, type }) => ({
      name,
      vhost,
      type,
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    })),
    queues: queues.map((queue) => ({ ...queue, vhost, durable: true, auto_delete: false })),
    bindings: bindings.map(({ exchange, queue, routingKey }) => ({
      source: exchange,
      vhost,
      destination: queue,
      destination_type: 'queue',
      routing_key: routingKey,
      arguments: {},
    })),
    policies: policies.map((policy) => ({ ...policy, vhost, 'apply-to': 'queues' })),
  };
}

/**
 * RabbitMQ's password hash: base64 of the salt followed by SHA-256 of salt and password
 * (RabbitMQ documentation, "Credentials and Passwords").
 * @param salt four bytes, random wherever the hash may be read by others
 */
export function rabbitmqPasswordHash(password: string, salt: Buffer): string {
  const digest = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, digest]).toString('base64');
}
