import type { TaskValue } from '../protocol/value.ts';
import type { Draft, DraftOptions } from './draft.ts';

/** What is added to a draft when it is applied. */
export interface Addition {
  readonly args: readonly TaskValue[];
  readonly kwargs: { readonly [name: string]: TaskValue };
  readonly options: DraftOptions;
}

/**
 * Adds to a draft what it is applied with: arguments in front of its own unless it is immutable, and options over its
 * own, but for the group, which a chord counts by, and its stamps (celery/canvas.py, `_merge`).
 */
export function merge(draft: Draft, { args, kwargs, options }: Addition): void {
  draft.options = mergeOptions(draft.options, options);
  if (draft.immutable) return;
  draft.args = [...args, ...draft.args];
  if (draft.kind === 'task' || draft.kind === 'chord') draft.kwargs = { ...draft.kwargs, ...kwargs };
}

export function mergeOptions(own: DraftOptions, added: DraftOptions): DraftOptions {
  const stamps = own.values['stamped_headers'];
  const kept = new Set(['group_id', 'stamped_headers', ...(Array.isArray(stamps) ? stamps : [])]);
  const values = Object.entries(added.values).filter(
    ([name, value]) => value !== null && !(kept.has(name) && Object.hasOwn(own.values, name)),
  );
  return {
    values: { ...own.values, ...Object.fromEntries(values) },
    link: added.link.length > 0 ? added.link : own.link,
    linkError: added.linkError.length > 0 ? added.linkError : own.linkError,
    chord: added.chord ?? own.chord,
    chain: added.chain ?? own.chain,
  };
}

/** Nothing to be added. */
export const noAddition: Addition = {
  args: [],
  kwargs: {},
  options: { values: {}, link: [], linkError: [], chord: undefined, chain: undefined },
};
