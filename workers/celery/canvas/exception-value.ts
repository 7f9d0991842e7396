import { TaggedValue, type TaskValue } from '../protocol/value.ts';
import type { ExceptionDocument } from '../results/result-backend.ts';

/** The exception in a stored result; one that names no class is taken for a ValueError, as Celery's clients do. */
export function documentOf(value: TaskValue): ExceptionDocument {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMapping || value instanceof TaggedValue)
    return { exc_type: 'ValueError', exc_message: [value], exc_module: 'builtins' };
  // Neither a list nor tagged, so that it is a mapping.
  const { exc_type, exc_message, exc_module } = value as { readonly [name: string]: TaskValue };
  return {
    exc_type: typeof exc_type === 'string' ? exc_type : 'ValueError',
    exc_message: Array.isArray(exc_message) ? exc_message : [exc_message ?? null],
    exc_module: typeof exc_module === 'string' ? exc_module : 'builtins',
  };
}
