import { availableParallelism } from 'node:os';
import type { ConnectionOptions } from '../../messaging/connection-options.ts';
import type { Log } from '../../messaging/log.ts';
import type { RedisConnection } from '../../state/redis-connection.ts';
import type { ResultBackend } from '../results/result-backend.ts';
import type { TaskRouter } from '../sending.ts';
import type { Task } from '../task.ts';
import type { TaskQueue } from './declare-queue.ts';
import { type MakeMonitoring, unmonitored } from './monitoring.ts';
import { nodeName } from './node-name.ts';
import type { Autoscale } from './slots.ts';

/** What a task worker is made of. */
export interface TaskWorkerOptions {
  readonly connection: ConnectionOptions;
  readonly backend: ResultBackend;
  readonly tasks: readonly Task[];
  readonly log: Log;
  /** As Celery's `--hostname`, with `%h`, `%n` and `%d`. @default celery@%h */
  readonly nodeName?: string;
  /** @default one queue named `celery` */
  readonly queues?: readonly TaskQueue[];
  /** Tasks that run at the same time. @default the number of processors */
  readonly concurrency?: number;
  /** Lets the number of slots follow the load. @default concurrency */
  readonly autoscale?: Autoscale;
  /** Messages that the worker holds for each slot. @default 4 */
  readonly prefetchMultiplier?: number;
  /**
   * The module that exports the same tasks under the name `tasks`: threads load it. Without one all tasks run in the
   * worker's own thread, and a hard time limit gives up on a task but cannot end it.
   */
  readonly taskModule?: URL;
  /** What a function `tasks` of that module is called with in each thread; it must be cloneable. @default nothing */
  readonly taskModuleInput?: unknown;
  /** Runs after which a thread is replaced. @default never */
  readonly maxTasksPerThread?: number;
  /** Memory of each thread in MiB. @default as the process */
  readonly maxThreadMemoryMb?: number;
  /** Where rate limits of all workers are counted. @default such limits are ignored */
  readonly redis?: RedisConnection;
  /** The queue of a task that is sent without one. @default the task's own, or `celery` */
  readonly route?: TaskRouter;
  /**
   * The queue of a task that this worker does not have; its messages are handed on to that queue.
   * @default they are refused, as by Celery's workers
   */
  readonly elsewhere?: (task: string) => string | undefined;
  /** How long a soft shutdown waits for running tasks, in seconds. @default 0 */
  readonly softShutdownSeconds?: number;
  /** Whether events about tasks are sent from the start; remote control can change it. @default false */
  readonly taskEvents?: boolean;
  /** Events and remote control. @default none */
  readonly monitoring?: MakeMonitoring;
}

/** Options with their defaults. */
export type CompleteOptions = Required<
  Pick<
    TaskWorkerOptions,
    | 'connection'
    | 'backend'
    | 'tasks'
    | 'log'
    | 'nodeName'
    | 'queues'
    | 'concurrency'
    | 'prefetchMultiplier'
    | 'softShutdownSeconds'
    | 'taskEvents'
    | 'monitoring'
  >
> &
  TaskWorkerOptions;

export function completeOptions(options: TaskWorkerOptions): CompleteOptions {
  return {
    queues: [{ name: 'celery' }],
    concurrency: availableParallelism(),
    prefetchMultiplier: 4,
    softShutdownSeconds: 0,
    taskEvents: false,
    monitoring: unmonitored,
    ...options,
    nodeName: nodeName(options.nodeName),
  };
}
