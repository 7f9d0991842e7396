import { signature } from '../../../workers/celery/client/compose.ts';
import { defineRawTask, type RawTask } from '../../../workers/celery/define-task.ts';
import { TaskError } from '../../../workers/celery/protocol/exception.ts';
import type { Signature } from '../../../workers/celery/protocol/signature.ts';
import type { Kwargs, TaskValue } from '../../../workers/celery/protocol/value.ts';
import type { Task, TaskContext, TaskOptions } from '../../../workers/celery/task.ts';
import { bindArguments, missingArguments } from '../../../workers/celery/worker/bind-arguments.ts';

/** The module that Celery's integration suite imports its tasks from, which is a part of their names. */
const taskModule = 't.integration.tasks';

/** A call of one of the tasks of the suite, as `task.s(...)` in Python. */
export function s(task: string, ...args: readonly TaskValue[]): Signature {
  return signature(`${taskModule}.${task}`, args);
}

/** A call that takes no results of earlier tasks, as `task.si(...)` in Python. */
export function si(task: string, ...args: readonly TaskValue[]): Signature {
  return signature(`${taskModule}.${task}`, args, { immutable: true });
}

/** An exception of a class that the suite's own module of tasks declares. */
export function suiteError(excType: string, ...args: readonly TaskValue[]): TaskError {
  return new TaskError(excType, args, taskModule);
}

export function valueError(...args: readonly TaskValue[]): TaskError {
  return new TaskError('ValueError', args, 'builtins');
}

/** Named arguments, as a function in Python declares them. */
interface Parameters {
  readonly needed?: readonly string[];
  /** With their defaults. */
  readonly optional?: Kwargs;
}

/** A task of the suite that takes its arguments by place or by name. */
export function named(
  name: string,
  { needed = [], optional = {} }: Parameters,
  run: (args: Kwargs, context: TaskContext) => Promise<TaskValue | undefined> | TaskValue | undefined,
  options: TaskOptions = {},
): Task {
  const parameters = [...needed, ...Object.keys(optional)];
  return free(
    name,
    (args, kwargs, context) => {
      const bound = bindArguments(name, parameters, args, kwargs);
      const missing = needed.filter((each) => !Object.hasOwn(bound, each));
      if (missing.length > 0) throw missingArguments(name, missing);
      return run({ ...optional, ...bound }, context);
    },
    { ...options, parameters },
  );
}

/** A task of the suite that takes any arguments. Like Celery's own, it is acknowledged before it starts. */
export function free(
  name: string,
  run: RawTask['run'],
  options: TaskOptions & Pick<RawTask, 'parameters'> = {},
): Task {
  return defineRawTask({ acksLate: false, ...options, name: `${taskModule}.${name}`, run });
}
