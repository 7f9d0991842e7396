import { PlatformError } from '../../workers/platform/errors.ts';
import { argumentProblems, type Json, type TaskDeclaration } from '../../workers/platform/tasks.ts';

/** A call that its task can be made with. */
export interface TaskCallChoice {
  readonly task: string;
  readonly queue: string;
  readonly args: readonly Json[];
  readonly kwargs: Readonly<Record<string, Json>>;
}

/**
 * Reads and checks a call before anything is sent.
 * @param args JSON of a list @param kwargs JSON of an object
 * @throws PlatformError TASK_UNKNOWN, TASK_ARGUMENT_INVALID
 */
export function readCall(
  declarations: Readonly<Record<string, TaskDeclaration>>,
  task: string,
  { args = '[]', kwargs = '{}' }: { readonly args?: string; readonly kwargs?: string },
): TaskCallChoice {
  const declaration = Object.hasOwn(declarations, task) ? declarations[task] : undefined;
  if (declaration === undefined) {
    const known = Object.keys(declarations).join(', ');
    throw new PlatformError('TASK_UNKNOWN', `no task is declared as ${task}; declared are ${known}`);
  }
  const list = parse('--args', args);
  if (!isList(list)) throw invalid('--args must be a list, such as \'["a", 1]\'');
  const mapping = parse('--kwargs', kwargs);
  if (!isMapping(mapping)) throw invalid('--kwargs must be an object, such as \'{"name": "value"}\'');
  const problems = argumentProblems(declaration, list, mapping);
  if (problems.length > 0) throw invalid(`${task}: ${problems.join('; ')}`);
  return { task, queue: declaration.queue, args: list, kwargs: mapping };
}

function parse(option: string, text: string): Json {
  try {
    // Whatever JSON.parse returns is JSON.
    return JSON.parse(text) as Json;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new PlatformError('TASK_ARGUMENT_INVALID', `${option} is no JSON: ${reason}`, { cause });
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isMapping(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): PlatformError {
  return new PlatformError('TASK_ARGUMENT_INVALID', message);
}
