import type { BrokerConnection } from '../../messaging/connection.ts';
import type { Log } from '../../messaging/log.ts';
import type { WorkerView } from '../control/worker-view.ts';
import type { EventSink } from '../events/event-sink.ts';

/** What makes a worker visible to Celery's monitors and lets people control it from afar. */
export interface Monitoring {
  /** Where the worker says what happens to tasks. */
  readonly sink: EventSink;
  /** Begins with the worker: `worker-online`, heartbeats, remote control. */
  start(): void;
  /** The broker takes messages again, after it had said that it would not. */
  resume(): void;
  /** Ends after the last task, while the broker is still connected: `worker-offline`. */
  stop(): Promise<void>;
}

/** What monitoring has of its worker. */
export interface MonitoredWorker {
  readonly nodeName: string;
  /** Messages go out on one connection and come in on the other: a broker that is short of memory stops the first. */
  readonly publishing: BrokerConnection;
  readonly consuming: BrokerConnection;
  readonly log: Log;
  /** Whether events about tasks are sent from the start. */
  readonly taskEvents: boolean;
  /** The worker, once it is put together. */
  readonly view: () => WorkerView;
}

/** Makes the monitoring of a worker. */
export type MakeMonitoring = (worker: MonitoredWorker) => Monitoring;

/** For a worker that nobody watches. */
export const unmonitored: MakeMonitoring = () => ({
  sink: { task: () => undefined },
  start: () => undefined,
  resume: () => undefined,
  stop: async () => undefined,
});
