import type { z } from 'zod';
import type { Kwargs, TaskValue } from './protocol/value.ts';
import type { Task, TaskContext, TaskOptions, TypedTask } from './task.ts';
import { bindArguments, missingArguments, typeError } from './worker/bind-arguments.ts';
import { plainArgument } from './worker/plain-arguments.ts';

/**
 * Completes a task with named parameters: a call's positional arguments stand for the parameters in their order, as in
 * Python, and the schema checks all of them before the task runs. Python's times, decimals and UUIDs arrive as texts.
 */
export function defineTask<Parameters extends z.ZodObject, Result extends TaskValue>(
  task: TypedTask<Parameters, Result>,
): Task {
  const { name, parameters: schema, run, ...options } = task;
  const parameters = Object.keys(schema.shape);
  return {
    name,
    options,
    parameters,
    run: async (args, kwargs, context) =>
      run(checkArguments(name, schema, bindArguments(name, parameters, args, kwargs)), context),
  };
}

/** A task that looks at its arguments itself, such as one that takes any number of them. */
export interface RawTask extends TaskOptions {
  readonly name: string;
  /** Names for its positional arguments, where it has such. @default unknown */
  readonly parameters?: readonly string[];
  run(
    args: readonly TaskValue[],
    kwargs: Kwargs,
    context: TaskContext,
  ): Promise<TaskValue | undefined> | TaskValue | undefined;
}

/** Completes a task whose arguments nobody checks; without a value it returns null, as in Python. */
export function defineRawTask({ name, parameters, run, ...options }: RawTask): Task {
  return {
    name,
    options,
    parameters,
    run: async (args, kwargs, context) => (await run(args, kwargs, context)) ?? null,
  };
}

function checkArguments<Parameters extends z.ZodObject>(
  task: string,
  schema: Parameters,
  bound: Readonly<Record<string, TaskValue>>,
): z.output<Parameters> {
  const plain = Object.fromEntries(Object.entries(bound).map(([key, value]) => [key, plainArgument(value)]));
  const parsed = schema.safeParse(plain);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues
    .map(({ path }) => path)
    .filter((path) => path.length === 1 && !Object.hasOwn(plain, String(path[0])))
    .map(([name]) => String(name));
  if (missing.length > 0) throw missingArguments(task, missing);
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw typeError(problems.join('; '));
}
