import { type ErrorCode, PlatformError } from '../platform/errors.ts';
import type { Topology } from '../platform/topology.ts';
import { ConfirmSender, type Outgoing, type SendResult } from './confirm-sender.ts';
import { BrokerConnection } from './connection.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { MessagingEmitter } from './events.ts';
import type { Log } from './log.ts';
import { GrowingDelay, pause } from './pause.ts';
import { closeChannel } from './standing-channel.ts';
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

const reasons = {
  returned: 'PUBLISH_UNROUTABLE',
  refused: 'PUBLISH_REFUSED',
  lost: 'BROKER_UNAVAILABLE',
} as const satisfies Partial<Record<SendResult, ErrorCode>>;

/**
 * Connects, sends one message until the broker has confirmed it, and disconnects: for processes that do nothing else.
 * A broker that is away, or has no room or no queue for the message, is asked again with growing delays.
 *
 * @throws PlatformError BROKER_UNAVAILABLE, PUBLISH_REFUSED or PUBLISH_UNROUTABLE when patience ends, whichever
 *   came last; the message may have arrived all the same
 * @throws PlatformError CONFIG_INVALID for an address of the broker that cannot be read
 */
export async function sendOnce(options: SendOnceOptions): Promise<void> {
  const { log, message, name, patienceMs } = options;
  const topology = new TopologyKeeper(options.topology, log, new MessagingEmitter(log));
  const prepare = (each: BrokerConnection) => topology.assert(each);
  const connection = new BrokerConnection({ connection: options.connection, name, log, prepare });
  const deadline = AbortSignal.timeout(patienceMs);
  const delay = new GrowingDelay({ firstMs: 200, longestMs: 10_000 });
  let code: ErrorCode = reasons.lost;
  connection.start();
  try {
    for (;;) {
      const result = await attempt(connection, message, deadline);
      if (result === 'confirmed') return;
      // An attempt that the deadline cut short says nothing of why the others failed.
      if (!(deadline.aborted && result === 'lost')) code = reasons[result];
      if (deadline.aborted) {
        throw new PlatformError(code, `RabbitMQ did not confirm the message within ${patienceMs / 1000} s`);
      }
      log.warn({ code, queue: message.routingKey }, 'RabbitMQ did not take the message; it is sent again');
      await pause(delay.next(), deadline);
    }
  } finally {
    await connection.close(closeMs);
  }
}

/** What becomes of the message on one channel, until the deadline. */
async function attempt(
  connection: BrokerConnection,
  message: Outgoing,
  deadline: AbortSignal,
): Promise<SendResult> {
  await connection.ready(deadline);
  if (deadline.aborted) return 'lost';
  const channel = await connection.openConfirmChannel().catch(() => undefined);
  if (channel === undefined) return 'lost';
  const sender = new ConfirmSender(channel);
  const giveUp = () => sender.abandon();
  // An error is followed by the channel's end.
  channel.on('error', () => undefined);
  channel.on('close', giveUp);
  deadline.addEventListener('abort', giveUp);
  try {
    return await new Promise<SendResult>((resolve) => {
      sender.send(message, resolve);
      // It may have passed while the channel was opened.
      if (deadline.aborted) giveUp();
    });
  } finally {
    deadline.removeEventListener('abort', giveUp);
    await closeChannel(channel);
  }
}
