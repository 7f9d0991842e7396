import type { ExceptionDocument } from '../results/result-backend.ts';
import { pythonRepr } from './python-repr.ts';
import type { TaskRequest } from './task-request.ts';
import { TaggedValue, type TaskValue } from './value.ts';

/** An error that callers in any language know by its Python class. */
export class TaskError extends Error {
  /** Name of the class. */
  readonly excType: string;
  /** What its constructor takes. */
  readonly excMessage: readonly TaskValue[];
  /** Module of the class; one that the caller does not have leads to a class made up there. */
  readonly excModule: string;

  constructor(excType: string, excMessage: readonly TaskValue[], excModule: string) {
    super(excMessage.map(textOf).join(', '));
    this.name = excType;
    this.excType = excType;
    this.excMessage = excMessage;
    this.excModule = excModule;
  }
}

/** The module that Python is told for errors of ours; it exists nowhere, so that no class there is taken for them. */
const ownModule = 'smarteats';

/** Errors of JavaScript that Python has under another or the same name. */
const pythonNames: Readonly<Record<string, string>> = {
  TypeError: 'TypeError',
  RangeError: 'ValueError',
  SyntaxError: 'ValueError',
};

/** How Celery stores whatever a task threw; never null, which makes Python's clients fail in their own code. */
export function exceptionDocument(error: unknown): ExceptionDocument {
  if (error instanceof TaskError)
    return { exc_type: error.excType, exc_message: error.excMessage, exc_module: error.excModule };
  if (!(error instanceof Error))
    return { exc_type: 'Error', exc_message: [String(error)], exc_module: ownModule };
  const builtin = pythonNames[error.name];
  if (builtin !== undefined)
    return { exc_type: builtin, exc_message: [error.message], exc_module: 'builtins' };
  // Python makes a class of this name, which must be an identifier.
  const name = /^[A-Za-z_]\w*$/.test(error.name) ? error.name : 'Error';
  return { exc_type: name, exc_message: [error.message], exc_module: ownModule };
}

/** An exception as Python's `repr` shows it: `ValueError('boom', 42)`. */
export function exceptionRepr({ exc_type, exc_message }: ExceptionDocument): string {
  return `${exc_type}(${exc_message.map(pythonRepr).join(', ')})`;
}

const celery = 'celery.exceptions';
const billiard = 'billiard.exceptions';

export function notRegistered(task: string): TaskError {
  return new TaskError('NotRegistered', [task], celery);
}

export function taskRevoked(reason: 'expired' | 'revoked' | 'terminated'): TaskError {
  return new TaskError('TaskRevokedError', [reason], celery);
}

export function chordError(text: string): TaskError {
  return new TaskError('ChordError', [text], celery);
}

/** A message of a content type that workers do not accept. */
export function contentDisallowed(contentType: string): TaskError {
  return new TaskError(
    'ContentDisallowed',
    [`Refusing to deserialize untrusted content of type ${contentType}`],
    'kombu.exceptions',
  );
}

/** A message whose parts are not what the protocol says. */
export function invalidTask(text: string): TaskError {
  return new TaskError('InvalidTaskError', [text], celery);
}

/** @param seconds the hard limit */
export function timeLimitExceeded(seconds: number): TaskError {
  return new TaskError('TimeLimitExceeded', [seconds], billiard);
}

export function softTimeLimitExceeded(): TaskError {
  return new TaskError('SoftTimeLimitExceeded', [], billiard);
}

export function workerLost(text: string): TaskError {
  return new TaskError('WorkerLostError', [text], billiard);
}

export function maxRetriesExceeded({
  task,
  id,
  args,
  kwargs,
}: Pick<TaskRequest, 'task' | 'id' | 'args' | 'kwargs'>): TaskError {
  const text = `Can't retry ${task}[${id}] args:${pythonRepr(args)} kwargs:${pythonRepr(kwargs)}`;
  return new TaskError('MaxRetriesExceededError', [text], celery);
}

function textOf(value: TaskValue): string {
  if (typeof value === 'string') return value;
  return value instanceof TaggedValue ? textOf(value.value) : pythonRepr(value);
}
