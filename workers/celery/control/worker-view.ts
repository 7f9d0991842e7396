import type { TaskRequest } from '../protocol/task-request.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import type { Task } from '../task.ts';

/** A request inside the worker, as `inspect` shows it. */
export interface RequestInfo {
  readonly request: TaskRequest;
  /** Seconds since 1970; undefined before it runs. */
  readonly startedAt: number | undefined;
  readonly acknowledged: boolean;
  /** Process (or thread) that runs it. */
  readonly pid: number | undefined;
}

/** A queue that the worker consumes. */
export interface ConsumedQueue {
  readonly name: string;
  readonly exchange: string;
  readonly exchangeType: string;
  readonly routingKey: string;
  /** `quorum` where the broker says so. */
  readonly type: 'quorum' | 'classic';
}

/** Totals and settings that `inspect stats` shows. */
export interface WorkerFigures {
  readonly concurrency: number;
  readonly prefetchCount: number;
  /** Runs by task name (or shadow). */
  readonly totals: Readonly<Record<string, number>>;
  readonly uptimeSeconds: number;
  readonly autoscale: { readonly max: number; readonly min: number; readonly current: number } | undefined;
  readonly broker: {
    readonly hostname: string;
    readonly port: number;
    readonly userid: string;
    readonly virtualHost: string;
    readonly tls: boolean;
    /** In seconds. */
    readonly heartbeat: number;
  };
}

/**
 * What remote control sees of a worker and can do to it. The worker implements it; commands are written against it.
 * Methods that change something answer at once; their effect may come later.
 */
export interface WorkerView {
  readonly nodeName: string;
  readonly pid: number;
  active(): readonly RequestInfo[];
  /** Received, neither running nor waiting for its time. */
  reserved(): readonly RequestInfo[];
  /** Waiting for its time inside the worker. */
  scheduled(): readonly { readonly eta: Date; readonly info: RequestInfo }[];
  tasks(): readonly Task[];
  /** Rate limit and time limits in force, which remote control may have changed. */
  limitsOf(task: string): {
    readonly rate: string | undefined;
    readonly soft: number | undefined;
    readonly hard: number | undefined;
  };
  queues(): readonly ConsumedQueue[];
  figures(): WorkerFigures;
  /** Settings by Celery's names, secrets masked. */
  configuration(): Kwargs;
  revoked(): readonly string[];
  /** Marks ids as revoked that another worker knows of; it has seen to all that follows from it. */
  rememberRevoked(ids: readonly string[]): void;
  /**
   * Marks ids as revoked, at most 50 000 for 3 hours, and stores REVOKED for those that have not run.
   * @param options.terminate end those that run now
   */
  revoke(
    ids: readonly string[],
    options: { readonly terminate: boolean; readonly signal: string },
  ): Promise<void>;
  revokeByStamps(
    stamps: Readonly<Record<string, readonly TaskValue[]>>,
    options: { readonly terminate: boolean; readonly signal: string },
  ): Promise<readonly string[]>;
  /** @throws RangeError for a limit that cannot be read */
  setRateLimit(task: string, rate: string | number | null): void;
  setTimeLimit(
    task: string,
    limits: { readonly soft: number | undefined; readonly hard: number | undefined },
  ): void;
  grow(by: number): void;
  shrink(by: number): void;
  autoscale(max: number | undefined, min: number | undefined): { readonly max: number; readonly min: number };
  /** Consumes one more queue, also after every reconnect. */
  addConsumer(queue: {
    readonly name: string;
    readonly exchange?: string;
    readonly exchangeType?: string;
    readonly routingKey?: string;
  }): Promise<void>;
  cancelConsumer(queue: string): Promise<void>;
  /** Begins a warm shutdown. */
  shutdown(): void;
}
