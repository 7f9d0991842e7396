import type { ConnectionOptions } from '../../messaging/connection-options.ts';
import { Connections } from '../../messaging/connections.ts';
import { MessagingEmitter } from '../../messaging/events.ts';
import type { Log } from '../../messaging/log.ts';
import type { TaskSender } from '../sending.ts';
import { BrokerTaskSender } from '../worker/broker-task-sender.ts';

/** Where and as whom a client sends its tasks. */
export interface SenderOptions {
  readonly connection: ConnectionOptions;
  /** Who calls, for people. */
  readonly name: string;
  readonly log: Log;
}

/** A sender with a connection of its own. */
export interface ConnectedSender {
  readonly sender: TaskSender;
  /** As messages name it. */
  readonly origin: string;
  /** Waits for messages that are not confirmed yet, then disconnects. */
  close(): Promise<void>;
}

/** How long messages may wait for their confirmation, and the broker for an answer, at the end; in milliseconds. */
const closing = { deadlineMs: 10_000, brokerMs: 2_000 };

/**
 * Makes a sender of task messages: confirmed, and sent again after a reconnect. A queue that does not exist is declared
 * as an unconfigured client of Celery declares it.
 */
export function connectSender({ connection, name, log }: SenderOptions): ConnectedSender {
  const events = new MessagingEmitter(log);
  const connections = new Connections({ connection, service: name, log, events, prepare: async () => {} });
  const sender = new BrokerTaskSender({ connection: connections.publishing, events, log });
  connections.start();
  sender.start();
  return {
    sender,
    origin: `${name}@${process.pid}`,
    close: async () => {
      await sender.close(closing.deadlineMs, closing.brokerMs);
      await connections.close(closing.brokerMs);
    },
  };
}
