import type { z } from 'zod';
import type { ResultTuple, Signature } from './protocol/signature.ts';
import type { TaskRequest } from './protocol/task-request.ts';
import type { Kwargs, TaskValue } from './protocol/value.ts';

/** When and how often a failed task is tried again; defaults are Celery's. */
export interface TaskRetry {
  /** Attempts after the first; null for no end. @default 3 */
  readonly maxRetries?: number | null;
  /** Seconds before the next attempt where no back-off is set. @default 180 */
  readonly delaySeconds?: number;
  /** `min(maxSeconds, factor * 2^retries)`, of which jitter takes a random part (Celery, `get_exponential_backoff_interval`). */
  readonly backoff?: { readonly factor: number; readonly maxSeconds?: number; readonly jitter?: boolean };
  /** Which errors lead to another attempt by themselves (`autoretry_for`). @default none */
  readonly on?: (error: unknown) => boolean;
}

/** How a task runs, whatever its arguments are. */
export interface TaskOptions {
  /** @default `celery` */
  readonly queue?: string;
  readonly retry?: TaskRetry;
  /** In seconds; the hard one ends the thread that the task runs in. @default none */
  readonly limits?: { readonly soft?: number; readonly hard?: number };
  /** `10/m`, `2/h`, `0.5/s`: of each worker as in Celery, and of all workers together. @default none */
  readonly rate?: { readonly perWorker?: string; readonly cluster?: string };
  /** Acknowledge after the result is stored rather than before the task starts. @default true */
  readonly acksLate?: boolean;
  /** For late acknowledgement: whether a failed or timed-out task is acknowledged too. @default true */
  readonly acksOnFailureOrTimeout?: boolean;
  /** For late acknowledgement: give the message back when its thread was lost. @default false */
  readonly rejectOnWorkerLost?: boolean;
  /** @default false */
  readonly ignoreResult?: boolean;
  /** Store STARTED when it begins. @default false */
  readonly trackStarted?: boolean;
  /** Run in a worker thread even without a hard limit, for work that keeps a processor busy. @default false */
  readonly thread?: boolean;
}

/** What a running task can ask of its worker. */
export interface TaskContext {
  readonly request: TaskRequest;
  /** The worker's node name. */
  readonly hostname: string;
  /** Aborted by a soft time limit, by termination and by a cold shutdown; the reason is the error to throw. */
  readonly signal: AbortSignal;
  /** Stores a state of the task's own, such as PROGRESS, with what is to be shown of it. */
  updateState(state: string, meta: TaskValue): Promise<void>;
  /** Sends a call or a canvas as a child of this task. */
  send(signature: Signature): Promise<ResultTuple>;
  /** Ends this attempt and sends the next one. */
  retry(options?: {
    /** In seconds. @default the task's own delay */
    readonly countdown?: number;
    readonly error?: Error;
    readonly maxRetries?: number | null;
    /** When it is no longer to be run, in seconds from now or as a time; null for never. @default as for this attempt */
    readonly expires?: Date | number | null;
    readonly args?: readonly TaskValue[];
    readonly kwargs?: Kwargs;
  }): never;
  /** Lets another call or canvas stand for this task: it takes over its id, its chain, links and chord. */
  replace(signature: Signature): Promise<never>;
  /** Adds a call to the header of the chord that this task is part of. */
  addToChord(signature: Signature): Promise<ResultTuple>;
}

/** A task as a worker runs it. */
export interface Task {
  readonly name: string;
  readonly options: TaskOptions;
  /** Names of its parameters in the order of positional arguments; undefined if it takes any. */
  readonly parameters: readonly string[] | undefined;
  /**
   * Checks the arguments and runs.
   * @throws TaskError TypeError for arguments that do not fit
   */
  run(args: readonly TaskValue[], kwargs: Kwargs, context: TaskContext): Promise<TaskValue>;
}

/** A task with named, checked parameters, to be completed by `defineTask`. */
export interface TypedTask<Parameters extends z.ZodObject, Result extends TaskValue> extends TaskOptions {
  readonly name: string;
  readonly parameters: Parameters;
  run(args: z.output<Parameters>, context: TaskContext): Promise<Result> | Result;
}
