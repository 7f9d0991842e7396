import { chordError, exceptionDocument, exceptionRepr } from '../protocol/exception.ts';
import type { Signature } from '../protocol/signature.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { TaskContext } from '../task.ts';
import { sendDraft } from './apply-signature.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { callAfter } from './continue-after.ts';
import { draftOf } from './draft.ts';
import { documentOf } from './exception-value.ts';
import { failBody } from './fail-body.ts';
import { finishChordPart } from './finish-chord-part.ts';
import { numberOf } from './option-values.ts';

const ready: ReadonlySet<string> = new Set(['SUCCESS', 'FAILURE', 'REVOKED']);

/**
 * Ends a chord whose header cannot be counted by its result backend: senders with such a backend send this task along
 * with the header, and it tries again until all parts have results (celery/app/builtins.py, `unlock_chord`).
 */
export async function unlockChord(
  chord: {
    readonly body: Signature | undefined;
    /** In seconds. */
    readonly interval: TaskValue;
    readonly maxRetries: TaskValue;
    /** The header's result tuples. */
    readonly members: readonly TaskValue[];
  },
  context: TaskContext,
  deps: CanvasDeps,
): Promise<null> {
  if (chord.body === undefined) return null;
  const results: TaskValue[] = [];
  for (const id of chord.members.map(idIn)) {
    const stored = await deps.backend.read(id);
    if (stored === undefined || !ready.has(stored.status))
      return context.retry({
        countdown: numberOf(chord.interval) ?? 1,
        maxRetries: numberOf(chord.maxRetries) ?? null,
      });
    if (stored.status !== 'SUCCESS') {
      const cause = documentOf(stored.result);
      const error = exceptionDocument(chordError(`Dependency ${id} raised ${exceptionRepr(cause)}`));
      await failBody(draftOf(chord.body), { error, cause }, context.request, deps, finishChordPart);
      return null;
    }
    results.push(stored.result);
  }
  await sendDraft(draftOf(chord.body), { ...callAfter(context.request, [results]), options: {} }, deps);
  return null;
}

/** The id in a result tuple, `[[id, parent], children]`, or in place of one. */
function idIn(tuple: TaskValue): string {
  let first = tuple;
  while (Array.isArray(first)) first = first[0] ?? null;
  return String(first);
}
