import type { ConnectionOptions } from '../../messaging/connection-options.ts';
import { Connections } from '../../messaging/connections.ts';
import { MessagingEmitter } from '../../messaging/events.ts';
import type { Log } from '../../messaging/log.ts';
import type { ResultBackend } from '../results/result-backend.ts';
import { BrokerTaskSender } from '../worker/broker-task-sender.ts';
import type { ResultSource } from './async-result.ts';
import { CeleryClient, type Declarations } from './celery-client.ts';

/** A client with a connection of its own. */
export interface ConnectedClient<Tasks extends Declarations> {
  readonly client: CeleryClient<Tasks>;
  /**
   * Waits for messages that are not confirmed yet, then disconnects. Results belong to whoever made their store.
   * @param deadlineMs how long to wait for them @default 10 000
   */
  close(deadlineMs?: number): Promise<void>;
}

/** How long messages may wait for their confirmation, and the broker for an answer, at the end; in milliseconds. */
const closing = { deadlineMs: 10_000, brokerMs: 2_000 };

/**
 * Makes a client that publishes on a connection of its own, confirmed and again after a reconnect. A queue that does not
 * exist is declared as an unconfigured client of Celery declares it.
 */
export function connectCeleryClient<Tasks extends Declarations>(options: {
  readonly connection: ConnectionOptions;
  readonly backend: ResultBackend;
  readonly reader: ResultSource['reader'];
  /** The tasks that can be called by their declarations; others can be sent as signatures. */
  readonly tasks: Tasks;
  /** Who calls, for people. */
  readonly name: string;
  readonly log: Log;
}): ConnectedClient<Tasks> {
  const { connection, backend, reader, tasks, name, log } = options;
  const events = new MessagingEmitter(log);
  const connections = new Connections({ connection, service: name, log, events, prepare: async () => {} });
  const sender = new BrokerTaskSender({ connection: connections.publishing, events, log });
  connections.start();
  sender.start();
  const route = (task: string) => tasks[task]?.queue ?? 'celery';
  return {
    client: new CeleryClient({
      tasks,
      deps: { sender, backend, route, origin: `${name}@${process.pid}` },
      source: { backend, reader },
    }),
    close: async (deadlineMs = closing.deadlineMs) => {
      await sender.close(deadlineMs, closing.brokerMs);
      await connections.close(closing.brokerMs);
    },
  };
}
