import type { TaskRequest } from '../protocol/task-request.ts';
import type { Task } from '../task.ts';
import type { Outcome } from './outcome.ts';
import type { TaskCalls } from './task-context.ts';

/** One attempt that has begun. */
export interface Running {
  /** How it ends if nothing ends it from outside; never fails. */
  readonly outcome: Promise<Outcome>;
  /** Resolves when none of the task's code runs any more, if it can be known. */
  readonly over: Promise<void>;
  /** Tells the task, by its signal, that it should end with this error. */
  interrupt(reason: Error): void;
  /** Ends it for good as far as that is possible. */
  kill(reason: Error): void;
}

/** What an attempt needs. */
export interface Attempt {
  readonly task: Task;
  readonly request: TaskRequest;
  readonly calls: TaskCalls;
}

/** Runs attempts: in the worker's own thread or in others. */
export interface Runner {
  /** Resolves once the task's own code can begin; the time limits count from then. */
  begin(attempt: Attempt): Promise<Running>;
}
