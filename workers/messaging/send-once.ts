import { type ErrorCode, PlatformError } from '../platform/errors.ts';
import type { Topology } from '../platform/topology.ts';
import type { Outgoing } from './confirm-sender.ts';
import { BrokerConnection } from './connection.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { MessagingEmitter } from './events.ts';
import type { Log } from './log.ts';
import { GrowingDelay, pause } from './pause.ts';
import { ReliableSender } from './reliable-sender.ts';
import { TopologyKeeper } from './topology.ts';

export interface SendOnceOptions {
  readonly connection: ConnectionOptions;
  /** Declared before the message is sent. */
  readonly topology: Topology;
  readonly message: Outgoing;
  /** Shown in the broker's list of connections. */
  readonly name: string;
  readonly log: Log;
  /** How long to insist, in milliseconds. */
  readonly patienceMs: number;
}

const closeMs = 1_000;

/**
 * Connects, sends one message until the broker has confirmed it, and disconnects: for processes that do nothing else.
 * A broker that is away, or has no room or no queue for the message, is asked again with growing delays.
 *
 * @throws PlatformError BROKER_UNAVAILABLE, PUBLISH_REFUSED or PUBLISH_UNROUTABLE when patience ends, whichever
 *   came last; then the message may have arrived all the same
 * @throws PlatformError CONFIG_INVALID for an address of the broker that cannot be read
 */
export async function sendOnce(options: SendOnceOptions): Promise<void> {
  const { log, message, name } = options;
  const events = new MessagingEmitter(log);
  const topology = new TopologyKeeper(options.topology, log, events);
  const connection = new BrokerConnection({
    connection: options.connection,
    name,
    log,
    events,
    prepare: (each) => topology.assert(each),
  });
  const repair = () =>
    topology.assert(connection).catch((error) => {
      log.warn({ err: error }, 'the topology could not be declared again');
    });
  const limits = { messages: 1, bytes: message.content.length, waiters: 1 };
  const sender = new ReliableSender({ connection, log, events, limits, repair });
  connection.start();
  sender.start();
  try {
    await insist(sender, repair, options);
  } finally {
    await sender.close(0);
    await connection.close(closeMs);
  }
}

async function insist(
  sender: ReliableSender,
  repair: () => Promise<void>,
  { message, log, patienceMs }: SendOnceOptions,
): Promise<void> {
  const deadline = AbortSignal.timeout(patienceMs);
  const delay = new GrowingDelay({ firstMs: 200, longestMs: 10_000 });
  let reason: ErrorCode = 'BROKER_UNAVAILABLE';
  while (!deadline.aborted) {
    const result = await sender.send(message, deadline).catch((error: unknown) => {
      if (error instanceof PlatformError && error.code === 'PUBLISH_ABORTED') return 'late' as const;
      throw error;
    });
    if (result === 'confirmed') return;
    if (result === 'late') break;
    reason = result === 'refused' ? 'PUBLISH_REFUSED' : 'PUBLISH_UNROUTABLE';
    log.warn({ reason, queue: message.routingKey }, 'RabbitMQ did not take the message; it is sent again');
    if (result === 'returned') await repair();
    await pause(delay.next(), deadline);
  }
  throw new PlatformError(reason, `RabbitMQ did not confirm the message within ${patienceMs / 1000} s`);
}
