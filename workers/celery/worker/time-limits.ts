import type { TaskRequest } from '../protocol/task-request.ts';
import type { Task } from '../task.ts';

/** In seconds; undefined for none. */
export interface Limits {
  readonly soft: number | undefined;
  readonly hard: number | undefined;
}

/** The limits of each task, which remote control can change while the worker runs. */
export class TimeLimits {
  readonly #changed = new Map<string, Limits>();

  set(task: string, limits: Limits): void {
    this.#changed.set(task, { soft: limits.soft || undefined, hard: limits.hard || undefined });
  }

  of(task: Task): Limits {
    const { soft, hard } = task.options.limits ?? {};
    return this.#changed.get(task.name) ?? { soft: soft || undefined, hard: hard || undefined };
  }

  /** Those of one request: what its message says counts before the task, each by itself, and 0 says nothing. */
  ofRequest(task: Task, request: TaskRequest): Limits {
    const { soft, hard } = this.of(task);
    return { soft: request.timeLimit.soft || soft, hard: request.timeLimit.hard || hard };
  }
}
