import type { RetryRequest } from '../outcomes.ts';
import type { TaskRequest } from '../protocol/task-request.ts';

/**
 * The arguments of the next attempt. Where only positional or only named ones are new, they may name parameters that
 * the others named before; then the new value counts (celery/app/task.py, `Task.retry`).
 *
 * @param parameters the task's, in the order of positional arguments; undefined if it takes any
 */
export function retryArguments(
  parameters: readonly string[] | undefined,
  request: Pick<TaskRequest, 'args' | 'kwargs'>,
  { args, kwargs }: Pick<RetryRequest, 'args' | 'kwargs'>,
): Pick<RetryRequest, 'args' | 'kwargs'> {
  if (parameters === undefined || (args === undefined) === (kwargs === undefined)) return { args, kwargs };
  if (args !== undefined) {
    const placed = new Set(parameters.slice(0, args.length));
    const others = Object.entries(request.kwargs).filter(([name]) => !placed.has(name));
    return { args, kwargs: Object.fromEntries(others) };
  }
  const given = new Map(Object.entries(kwargs ?? {}));
  const inPlace = request.args.map((value, index) => {
    const name = parameters[index];
    const next = name === undefined ? undefined : given.get(name);
    if (name === undefined || next === undefined) return value;
    given.delete(name);
    return next;
  });
  return { args: inPlace, kwargs: Object.fromEntries(given) };
}
