import { TaskError } from '../protocol/exception.ts';
import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import { sendDraft } from './apply-signature.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { chordSize } from './chord-size.ts';
import { draftOf } from './draft.ts';
import { freeze } from './freeze.ts';

/**
 * Adds a call to the header of the chord that a running task is part of. The chord counts it before it is sent, so
 * that the body cannot run without it.
 * @throws TaskError ValueError if the task is not part of a chord
 */
export async function addToChord(
  request: TaskRequest,
  signature: Signature,
  deps: CanvasDeps,
): Promise<ResultTuple> {
  const { group, groupIndex, chord, rootId, id: parentId, replyTo } = request;
  if (chord === undefined || group === undefined)
    throw new TaskError('ValueError', ['Current task is not member of any chord'], 'builtins');
  const draft = draftOf(signature);
  delete draft.options.values['group_id'];
  freeze(draft, { groupId: group, groupIndex, chord: draftOf(chord), rootId });
  await deps.backend.growChord(group, chordSize(draft));
  const call = { options: { group_id: group, chord, root_id: rootId }, rootId, parentId };
  return (await sendDraft(draft, { ...call, ...(replyTo === undefined ? {} : { replyTo }) }, deps)).result;
}
