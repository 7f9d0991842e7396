import type { Log } from '../../messaging/log.ts';
import type { ExceptionDocument } from '../results/result-backend.ts';

interface OfTask {
  readonly id: string;
  readonly task: string;
  readonly queue: string;
}

/** Every change of state of a task worker, by name; for metrics and logs of the process. */
export interface TaskWorkerEvents {
  /** All connections are open. */
  connected: { readonly reconnect: boolean };
  lost: { readonly reason: string };
  /** A message that the worker sent is at the broker: a task that another called, or another attempt. */
  sent: OfTask;
  subscribed: { readonly queue: string };
  unsubscribed: { readonly queue: string; readonly reason: string };
  received: OfTask;
  /** It waited in the worker for so long, in seconds. */
  started: OfTask & { readonly waitedSeconds: number };
  succeeded: OfTask & { readonly runtimeSeconds: number };
  failed: OfTask & { readonly exception: ExceptionDocument; readonly runtimeSeconds: number | undefined };
  retried: OfTask & { readonly exception: ExceptionDocument };
  revoked: OfTask & { readonly reason: 'expired' | 'revoked' | 'terminated' };
  rejected: OfTask & { readonly requeue: boolean };
  ignored: OfTask;
  /** It ran already, and its message came again. */
  duplicate: OfTask;
  /** A message that is no call of a task of this worker; it went to the dead letters. */
  refused: { readonly queue: string; readonly task: string | undefined; readonly reason: string };
  /** Deliveries went back to their queues, for other workers. */
  handedBack: { readonly count: number };
}

export type TaskWorkerEventName = keyof TaskWorkerEvents;

type Listener<Name extends TaskWorkerEventName> = (event: TaskWorkerEvents[Name]) => void;

/** Tells listeners about events. A listener that throws is logged and disturbs nobody. */
export class TaskWorkerEmitter {
  readonly #log: Log;
  readonly #listeners: { [Name in TaskWorkerEventName]?: Set<Listener<Name>> } = {};

  constructor(log: Log) {
    this.#log = log;
  }

  /** @returns a function that removes the listener */
  on<Name extends TaskWorkerEventName>(name: Name, listener: Listener<Name>): () => void {
    const listeners: Set<Listener<Name>> = this.#listeners[name] ?? new Set();
    Object.assign(this.#listeners, { [name]: listeners });
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  emit<Name extends TaskWorkerEventName>(name: Name, event: TaskWorkerEvents[Name]): void {
    for (const listener of this.#listeners[name] ?? []) {
      try {
        listener(event);
      } catch (error) {
        this.#log.error({ err: error, event: name }, 'a listener of the task worker failed');
      }
    }
  }
}
