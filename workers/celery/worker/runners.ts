import { inlineRunner } from './inline-runner.ts';
import type { Job } from './job.ts';
import type { CompleteOptions } from './options.ts';
import type { Runner } from './runner.ts';
import { ThreadPool } from './threads/thread-pool.ts';
import type { TimeLimits } from './time-limits.ts';

export interface Runners {
  readonly runnerOf: (job: Job) => Runner;
  /** Has a thread loaded before the first task needs one. */
  readonly warm: () => void;
  readonly close: () => void;
}

/**
 * Chooses where each attempt runs: in a thread what has a hard time limit or asks for one, since only a thread can be
 * ended; everything else in the worker's own.
 *
 * @param builtins names of tasks that the module of the tasks does not have
 */
export function runners(
  options: CompleteOptions,
  builtins: ReadonlySet<string>,
  limits: TimeLimits,
): Runners {
  const {
    nodeName: hostname,
    taskModule,
    taskModuleInput,
    maxTasksPerThread,
    maxThreadMemoryMb,
    log,
  } = options;
  const inline = inlineRunner(hostname);
  const wantThreads = options.tasks.filter(
    ({ options: own }) => own.thread === true || own.limits?.hard !== undefined,
  );
  if (taskModule === undefined) {
    if (wantThreads.length > 0) {
      const names = wantThreads.map(({ name }) => name);
      log.info(
        { tasks: names },
        'no module of tasks is given: a hard time limit gives up on these without ending them',
      );
    }
    return { runnerOf: () => inline, warm: () => undefined, close: () => undefined };
  }
  const pool = new ThreadPool({
    module: taskModule,
    input: taskModuleInput,
    hostname,
    maxTasksPerThread,
    maxOldGenerationSizeMb: maxThreadMemoryMb,
  });
  return {
    runnerOf: ({ task, request }) => {
      const wantsThread = task.options.thread === true || limits.ofRequest(task, request).hard !== undefined;
      return wantsThread && !builtins.has(task.name) ? pool : inline;
    },
    warm: () => pool.warm(Math.min(1, wantThreads.length)),
    close: () => pool.close(),
  };
}
