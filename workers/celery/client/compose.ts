import { type Draft, draftOf, signatureOf } from '../canvas/draft.ts';
import { join } from '../canvas/join.ts';
import { link, linkError } from '../canvas/links.ts';
import type { Signature } from '../protocol/signature.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';

/** What a signature has besides its task and arguments. */
export interface SignatureOptions {
  readonly kwargs?: Kwargs;
  /** As Celery's `apply_async` takes them: `queue`, `countdown`, `priority`, `task_id` … */
  readonly options?: Kwargs;
  /** Whether results of earlier tasks are not to be put in front of its arguments. @default false */
  readonly immutable?: boolean;
}

/** A call that is made later, as Celery's `task.s(…)` and `task.si(…)`. */
export function signature(
  task: string,
  args: readonly TaskValue[] = [],
  { kwargs = {}, options = {}, immutable = false }: SignatureOptions = {},
): Signature {
  return { task, args, kwargs, options, subtask_type: null, immutable };
}

/** Calls one after the other, each with the result of the one before; a group with something after it is a chord. */
export function chain(first: Signature, ...others: readonly Signature[]): Signature {
  return signatureOf(others.map(draftOf).reduce(join, draftOf(first)));
}

/** Calls at the same time. */
export function group(members: readonly Signature[]): Signature {
  return canvas('group', { tasks: members });
}

/** A group, and a call with the results of all its members. */
export function chord(header: readonly Signature[], body: Signature): Signature {
  return canvas('chord', { header, body, kwargs: {} });
}

/** Calls of one task, once for each list of arguments, `size` of them in one message. */
export function chunks(task: Signature, items: readonly (readonly TaskValue[])[], size: number): Signature {
  return canvas('chunks', { task, it: items, n: size });
}

/** The signature with a callback that is called with its result. */
export function onSuccess(of: Signature, callback: Signature): Signature {
  return linked(of, (draft) => link(draft, callback));
}

/** The signature with an errback that is called with the id of what failed. */
export function onFailure(of: Signature, errback: Signature): Signature {
  return linked(of, (draft) => linkError(draft, errback));
}

function linked(of: Signature, add: (draft: Draft) => void): Signature {
  const draft = draftOf(of);
  add(draft);
  return signatureOf(draft);
}

function canvas(type: 'group' | 'chord' | 'chunks', kwargs: Kwargs): Signature {
  return { task: `celery.${type}`, args: [], kwargs, options: {}, subtask_type: type, immutable: false };
}
