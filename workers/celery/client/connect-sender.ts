import type { ConnectionOptions } from '../../messaging/connection-options.ts';
import { Connections } from '../../messaging/connections.ts';
import { MessagingEmitter } from '../../messaging/events.ts';
import type { Log } from '../../messaging/log.ts';
import type { TaskSender } from '../sending.ts';
import { BrokerTaskSender, type SentTask } from '../worker/broker-task-sender.ts';

/** Where and as whom a client sends its tasks. */
export interface SenderOptions {
  readonly connection: ConnectionOptions;
  /** Who calls, for people. */
  readonly name: string;
  readonly log: Log;
  /** How long messages may wait for their confirmation at the end, in milliseconds. @default 10 000 */
  readonly closingMs?: number;
  /** Is told of each task that is at the broker; must not throw. */
  readonly onSent?: (sent: SentTask) => void;
}

/** A sender with a connection of its own. */
export interface ConnectedSender {
  readonly sender: TaskSender;
  /** As messages name it. */
  readonly origin: string;
  /**
   * Waits for messages that are not confirmed yet, then disconnects.
   * @param deadlineMs how long to wait for them @default as the options say
   */
  close(deadlineMs?: number): Promise<void>;
}

/** How long each answer of the broker is waited for at the end, in milliseconds. */
const brokerMs = 2_000;

/**
 * Makes a sender of task messages: confirmed, and sent again after a reconnect. A queue that does not exist is declared
 * as an unconfigured client of Celery declares it.
 */
export function connectSender(options: SenderOptions): ConnectedSender {
  const { connection, name, log, closingMs = 10_000, onSent } = options;
  const events = new MessagingEmitter(log);
  const connections = new Connections({ connection, service: name, log, events, prepare: async () => {} });
  const sender = new BrokerTaskSender({ connection: connections.publishing, events, log, onSent });
  connections.start();
  sender.start();
  return {
    sender,
    origin: `${name}@${process.pid}`,
    close: async (deadlineMs = closingMs) => {
      await sender.close(deadlineMs, brokerMs);
      await connections.close(brokerMs);
    },
  };
}
