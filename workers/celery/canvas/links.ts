import { isDeepStrictEqual } from 'node:util';
import type { Signature } from '../protocol/signature.ts';
import type { Draft } from './draft.ts';

/** Calls another one after success. Of a group its first member does, and without its result, as there is but one. */
export function link(draft: Draft, callback: Signature): void {
  if (draft.kind === 'group') {
    const [first] = draft.members;
    if (first !== undefined) link(first, { ...callback, immutable: true });
  } else if (draft.kind === 'chord') link(draft.body, callback);
  else append(draft.options.link, callback);
}

/**
 * Calls another one after failure: of any member of a group, and of the body of a chord, to which the failure of its
 * header leads too (celery/canvas.py, `link_error`).
 */
export function linkError(draft: Draft, errback: Signature): void {
  if (draft.kind === 'group') for (const member of draft.members) linkError(member, errback);
  else if (draft.kind === 'chord') {
    for (const part of draft.header.members) if (part.kind === 'chord') linkError(part, errback);
    linkError(draft.body, errback);
  } else append(draft.options.linkError, errback);
}

function append(list: Signature[], signature: Signature): void {
  if (!list.some((each) => isDeepStrictEqual(each, signature))) list.push(signature);
}
