import type { Channel } from 'amqplib';
import type { Topology } from '../platform/topology.ts';
import { type BrokerConnection, replyCode } from './connection.ts';
import type { MessagingEmitter } from './events.ts';
import type { Log } from './log.ts';
import { closeChannel } from './standing-channel.ts';

/** One thing the broker must have: how it is declared, and how to see whether it is there at all. */
interface Declaration {
  readonly name: string;
  readonly declare: (channel: Channel) => Promise<unknown>;
  readonly look?: (channel: Channel) => Promise<unknown>;
}

/**
 * Brings the broker's exchanges, queues and bindings in line with the declarations, as often as asked;
 * calls while one runs share it. Policies are not part of it: AMQP cannot set them, the broker's definitions do.
 */
export class TopologyKeeper {
  readonly #declarations: readonly Declaration[];
  readonly #log: Log;
  readonly #events: MessagingEmitter;
  #running: Promise<void> | undefined;

  constructor(topology: Topology, log: Log, events: MessagingEmitter) {
    this.#declarations = declarationsOf(topology);
    this.#log = log;
    this.#events = events;
  }

  /**
   * Declares everything. What exists with other properties, or may not be declared by our user, is logged and left
   * as it is: the service can often work with it, and ending the process would not change it.
   *
   * @throws PlatformError BROKER_UNAVAILABLE when the connection is lost meanwhile
   */
  async assert(connection: BrokerConnection): Promise<void> {
    this.#running ??= this.#assert(connection).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async #assert(connection: BrokerConnection): Promise<void> {
    for (let next = 0; next < this.#declarations.length; ) {
      const refused = await this.#declareFrom(next, connection);
      if (refused === undefined) return;
      await this.#leaveAsItIs(refused.declaration, refused.error, connection);
      next = refused.index + 1;
    }
  }

  /**
   * Sends the declarations without waiting between them.
   * @returns the first one the broker refused; it closes the channel, so that those behind it are not made
   */
  async #declareFrom(first: number, connection: BrokerConnection) {
    const channel = await openQuietly(connection);
    const declarations = this.#declarations.slice(first);
    const results = await Promise.allSettled(declarations.map(({ declare }) => declare(channel)));
    const failed = results.findIndex(({ status }) => status === 'rejected');
    const [result, declaration] = [results[failed], declarations[failed]];
    if (result?.status !== 'rejected' || declaration === undefined) {
      await closeChannel(channel);
      return undefined;
    }
    // Without a code of the broker the connection is lost, and no declaration is to blame.
    if (replyCode(result.reason) === undefined) throw result.reason;
    return { index: first + failed, declaration, error: result.reason };
  }

  async #leaveAsItIs(declaration: Declaration, error: unknown, connection: BrokerConnection): Promise<void> {
    const { name, look } = declaration;
    // The broker's text names the property and both values, e.g. inequivalent arg 'x-queue-type'.
    const reason = error instanceof Error ? error.message : String(error);
    const exists = look === undefined ? undefined : await this.#exists(look, connection);
    this.#log.error(
      { err: error, name, exists },
      `the broker refused to declare ${name}; it is left as it is: ${reason}`,
    );
    this.#events.emit('topologyMismatch', { name, reason });
  }

  async #exists(
    look: (channel: Channel) => Promise<unknown>,
    connection: BrokerConnection,
  ): Promise<boolean> {
    const channel = await openQuietly(connection);
    try {
      await look(channel);
      await closeChannel(channel);
      return true;
    } catch (error) {
      if (replyCode(error) === undefined) throw error;
      return false;
    }
  }
}

/** A channel whose errors are seen through its calls only. */
async function openQuietly(connection: BrokerConnection): Promise<Channel> {
  const channel = await connection.openChannel();
  channel.on('error', () => undefined);
  return channel;
}

function declarationsOf({ exchanges, queues, bindings }: Topology): readonly Declaration[] {
  return [
    ...exchanges.map(({ name, type }) => ({
      name: `exchange ${name}`,
      declare: (channel: Channel) => channel.assertExchange(name, type, { durable: true }),
      look: (channel: Channel) => channel.checkExchange(name),
    })),
    ...queues.map(({ name, arguments: args }) => ({
      name: `queue ${name}`,
      declare: (channel: Channel) => channel.assertQueue(name, { durable: true, arguments: args }),
      look: (channel: Channel) => channel.checkQueue(name),
    })),
    ...bindings.map(({ exchange, queue, routingKey }) => ({
      name: `binding of ${queue} to ${exchange}`,
      declare: (channel: Channel) => channel.bindQueue(queue, exchange, routingKey),
    })),
  ];
}
