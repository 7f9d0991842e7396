import type { Task } from '../../task.ts';

/** What the module of a worker's tasks exports for its threads: the tasks themselves, or what makes them. */
export interface TaskModule {
  readonly tasks: readonly Task[] | ((input: unknown) => readonly Task[] | Promise<readonly Task[]>);
}

/**
 * Loads the tasks of a module.
 * @param input what they are made of, where a function makes them
 * @throws Error where it exports none
 */
export async function loadTasks(url: string, input: unknown): Promise<readonly Task[]> {
  const module: unknown = await import(url);
  const { tasks } = Object(module) as Partial<TaskModule>;
  if (typeof tasks === 'function') return tasks(input);
  if (Array.isArray(tasks)) return tasks;
  throw new Error(`${url} exports no tasks`);
}
