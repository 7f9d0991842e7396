import { TaskError } from '../protocol/exception.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';

/**
 * Gives each argument of a call its parameter's name, as Python does for a function without defaults.
 * Parameters that are left out are left out of the result; the schema knows which of them may be.
 *
 * @param task the task's name; errors name the function, which is its last part, as Python's do
 * @throws TaskError TypeError in Python's words
 */
export function bindArguments(
  task: string,
  parameters: readonly string[],
  args: readonly TaskValue[],
  kwargs: Kwargs,
): Readonly<Record<string, TaskValue>> {
  const call = `${functionName(task)}()`;
  if (args.length > parameters.length) {
    const plural = parameters.length === 1 ? '' : 's';
    const were = args.length === 1 ? 'was' : 'were';
    throw typeError(
      `${call} takes ${parameters.length} positional argument${plural} but ${args.length} ${were} given`,
    );
  }
  const bound = new Map(args.map((value, index) => [parameters[index] ?? '', value]));
  for (const [name, value] of Object.entries(kwargs)) {
    if (!parameters.includes(name)) throw typeError(`${call} got an unexpected keyword argument '${name}'`);
    if (bound.has(name)) throw typeError(`${call} got multiple values for argument '${name}'`);
    bound.set(name, value);
  }
  return Object.fromEntries(bound);
}

/** @throws TaskError TypeError that names what is missing, in Python's words */
export function missingArguments(task: string, names: readonly string[]): TaskError {
  const quoted = names.map((name) => `'${name}'`);
  const list =
    quoted.length < 3
      ? quoted.join(' and ')
      : `${quoted.slice(0, -1).join(', ')}, and ${quoted[quoted.length - 1]}`;
  const plural = names.length === 1 ? '' : 's';
  return typeError(
    `${functionName(task)}() missing ${names.length} required positional argument${plural}: ${list}`,
  );
}

/** A TypeError of Python. */
export function typeError(message: string): TaskError {
  return new TaskError('TypeError', [message], 'builtins');
}

function functionName(task: string): string {
  return task.slice(task.lastIndexOf('.') + 1);
}
