import type { Signature, SubtaskType } from '../../../workers/celery/protocol/signature.ts';
import type { Kwargs, TaskValue } from '../../../workers/celery/protocol/value.ts';

type Changes = Partial<Pick<Signature, 'options' | 'immutable' | 'kwargs'>>;

/** A plain call, as Celery's `task.s(*args)`. */
export function call(task: string, args: readonly TaskValue[] = [], changes: Changes = {}): Signature {
  return { task, args, kwargs: {}, options: {}, subtask_type: null, immutable: false, ...changes };
}

export function add(...args: readonly TaskValue[]): Signature {
  return call('add', args);
}

export function chain(steps: readonly Signature[], options: Kwargs = {}): Signature {
  return canvas('chain', { tasks: steps }, options);
}

export function group(tasks: readonly Signature[], options: Kwargs = {}): Signature {
  return canvas('group', { tasks }, options);
}

export function chord(header: readonly Signature[] | Signature, body: Signature, options: Kwargs = {}) {
  return canvas('chord', { header, body, kwargs: {} }, options);
}

/** What is called with the id after a failure. */
export function noting(signature: Signature, errback = call('note')): Signature {
  return { ...signature, options: { ...signature.options, link_error: [errback] } };
}

export const fail = call('fail', [], { immutable: true });

function canvas(type: Exclude<SubtaskType, null>, kwargs: Kwargs, options: Kwargs): Signature {
  return { task: `celery.${type}`, args: [], kwargs, options, subtask_type: type, immutable: false };
}
