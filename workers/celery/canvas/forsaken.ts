import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { ExceptionDocument } from '../results/result-backend.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import type { Draft } from './draft.ts';
import { idOf, textOf } from './freeze.ts';
import { numberOf } from './option-values.ts';

/** A call that will never run, and what waits for it. */
export interface Forsaken {
  readonly id: string;
  /** Undefined where it is no part of a chord. */
  readonly part:
    | { readonly group: string; readonly index: number | undefined; readonly chord: Draft }
    | undefined;
  readonly errbacks: readonly Signature[];
}

/**
 * All calls with an id in a draft that will never run, so that nobody waits for any of them, with what follows each
 * (`chain`). Only ends of a canvas are parts of a chord, so that each part of it is met once.
 */
export function forsakenOf(draft: Draft): Forsaken[] {
  switch (draft.kind) {
    case 'task': {
      const id = idOf(draft);
      const { chord, values, linkError } = draft.options;
      const group = textOf(values['group_id']);
      const isPart = chord !== undefined && group !== undefined;
      const part = isPart ? { group, index: numberOf(values['group_index']), chord } : undefined;
      return id === undefined ? [] : [{ id, part, errbacks: linkError }];
    }
    case 'chain':
      return draft.steps.flatMap(forsakenOf);
    case 'group':
      return draft.members.flatMap(forsakenOf);
    case 'chord': {
      const header = draft.header.members.flatMap(forsakenOf).map((each) => ({ ...each, part: undefined }));
      return [...header, ...forsakenOf(draft.body)];
    }
  }
}

/** Stores a failure for each of them. @param children what was sent because of it, by the id of who failed */
export async function storeFailures(
  forsaken: readonly Forsaken[],
  exception: ExceptionDocument,
  traceback: string | undefined,
  { backend }: CanvasDeps,
  children: ReadonlyMap<string, readonly ResultTuple[]> = new Map(),
): Promise<void> {
  const more = traceback === undefined ? {} : { traceback };
  await Promise.all(
    forsaken.map(({ id }) => {
      const sent = children.get(id) ?? [];
      return backend.store({ id, state: 'FAILURE', result: { ...exception }, children: sent, ...more });
    }),
  );
}
