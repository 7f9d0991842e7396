import { Connections } from '../../messaging/connections.ts';
import { MessagingEmitter } from '../../messaging/events.ts';
import { settlesWithin } from '../../messaging/pause.ts';
import type { WorkerView } from '../control/worker-view.ts';
import { assembleEngine, type Engine } from './engine.ts';
import { type CompleteOptions, completeOptions, type TaskWorkerOptions } from './options.ts';
import { queueLength } from './queue-length.ts';
import { TaskWorkerEmitter, type TaskWorkerEventName, type TaskWorkerEvents } from './worker-events.ts';

/**
 * How a worker ends: `warm` finishes what runs, however long it takes; `soft` gives it some time and then is `cold`;
 * `cold` ends it, and its messages go back to their queues.
 */
export type ShutdownMode = 'warm' | 'soft' | 'cold';

/** What readiness and liveness of a worker are decided by. */
export interface TaskWorkerHealth {
  readonly connected: boolean;
  readonly blocked: boolean;
  readonly queues: readonly { readonly queue: string; readonly subscribed: boolean }[];
  /** Whether results can be stored. */
  readonly results: boolean;
  readonly active: number;
  /** Age of the oldest attempt that runs, in seconds; 0 when none does. */
  readonly oldestActiveSeconds: number;
}

/** A worker that runs tasks of Celery's clients. */
export interface TaskWorker {
  readonly view: WorkerView;
  /** Begins to connect and to consume. */
  start(): void;
  /** Ends the worker; a colder call while another runs hastens it. Resolves when nothing of it is left. */
  stop(mode: ShutdownMode): Promise<void>;
  /** Resolves when nothing is left of the worker, whoever ended it. */
  readonly ended: Promise<void>;
  health(): TaskWorkerHealth;
  /**
   * Messages that wait in each queue that the worker consumes.
   * @throws PlatformError BROKER_UNAVAILABLE, or the broker's refusal where a queue does not exist
   */
  queueLengths(): Promise<ReadonlyMap<string, number>>;
  /** @returns a function that removes the listener */
  on<Name extends TaskWorkerEventName>(
    name: Name,
    listener: (event: TaskWorkerEvents[Name]) => void,
  ): () => void;
}

/** How long to wait for each answer of the broker at the end, in milliseconds. */
const brokerMs = 2_000;

/** How long the end of a cold shutdown may take to say what became of tasks, in milliseconds. */
const lastWordsMs = 2_000;

/**
 * Makes a worker.
 * @throws PlatformError CONFIG_INVALID for an address of the broker that cannot be read
 * @throws RangeError for a rate limit that cannot be read
 */
export function createTaskWorker(options: TaskWorkerOptions): TaskWorker {
  return new Worker(completeOptions(options));
}

class Worker implements TaskWorker {
  readonly #options: CompleteOptions;
  readonly #emitter: TaskWorkerEmitter;
  readonly #connections: Connections;
  readonly #engine: Engine;
  readonly #hurry = new AbortController();
  #stopping: Promise<void> | undefined;
  readonly ended: Promise<void>;
  readonly #tellEnded: () => void;

  constructor(options: CompleteOptions) {
    let tellEnded: () => void = () => undefined;
    this.ended = new Promise((resolve) => {
      tellEnded = resolve;
    });
    this.#tellEnded = tellEnded;
    const { log, connection, nodeName } = options;
    this.#options = options;
    this.#emitter = new TaskWorkerEmitter(log);
    const events = new MessagingEmitter(log);
    events.on('connected', (event) => this.#emitter.emit('connected', event));
    events.on('lost', (event) => this.#emitter.emit('lost', event));
    this.#connections = new Connections({
      connection,
      service: nodeName,
      log,
      events,
      prepare: async () => undefined,
    });
    this.#engine = assembleEngine(options, {
      connections: this.#connections,
      events,
      emitter: this.#emitter,
      shutdown: () => void this.stop('warm'),
    });
  }

  get view(): WorkerView {
    return this.#engine.view;
  }

  start(): void {
    this.#connections.useConsuming();
    this.#connections.start();
    this.#engine.start();
  }

  health(): TaskWorkerHealth {
    const { consumers, jobs, gate } = this.#engine;
    const now = Date.now();
    const active = jobs.active();
    const oldest = Math.min(now, ...active.map(({ startedAt = now }) => startedAt));
    return {
      connected: this.#connections.connected,
      blocked: this.#connections.publishing.blocked,
      queues: consumers.all().map(({ queue, subscribed }) => ({ queue: queue.name, subscribed })),
      results: gate.open,
      active: active.length,
      oldestActiveSeconds: (now - oldest) / 1000,
    };
  }

  async queueLengths(): Promise<ReadonlyMap<string, number>> {
    const queues = this.#engine.consumers.all().map(({ queue }) => queue.name);
    const { consuming } = this.#connections;
    const lengths = queues.map(async (name) => [name, await queueLength(consuming, name)] as const);
    return new Map(await Promise.all(lengths));
  }

  on<Name extends TaskWorkerEventName>(
    name: Name,
    listener: (event: TaskWorkerEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  async stop(mode: ShutdownMode): Promise<void> {
    if (mode === 'cold') this.#hurry.abort();
    if (mode === 'soft') {
      const timer = setTimeout(() => this.#hurry.abort(), this.#options.softShutdownSeconds * 1000);
      void this.ended.then(() => clearTimeout(timer));
    }
    this.#stopping ??= this.#end().finally(this.#tellEnded);
    await this.#stopping;
  }

  async #end(): Promise<void> {
    const { consumers, dispatch, jobs, sender } = this.#engine;
    await consumers.cancel(brokerMs);
    // Not before the subscriptions have ended, or the broker would send them here again.
    const count = dispatch.stop();
    if (count > 0) this.#emitter.emit('handedBack', { count });
    await Promise.race([jobs.empty(), aborted(this.#hurry.signal)]);
    if (this.#hurry.signal.aborted) {
      for (const job of jobs.active()) job.cut({ kind: 'cancelled' });
      await settlesWithin(jobs.empty(), lastWordsMs);
    }
    await this.#engine.stop();
    await consumers.stop(brokerMs);
    await sender.close(lastWordsMs, brokerMs);
    await this.#connections.close(brokerMs);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
