import { whileRenewed } from '../../state/while-renewed.ts';
import { chordError, exceptionDocument, exceptionRepr } from '../protocol/exception.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { ChordParts, FinalState } from '../results/result-backend.ts';
import { isForGood } from '../sending.ts';
import { sendDraft } from './apply-signature.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { callAfter } from './continue-after.ts';
import { draftOf } from './draft.ts';
import { documentOf } from './exception-value.ts';
import { failBody } from './fail-body.ts';
import { headerResults } from './header-results.ts';
import { heardOf } from './heard-errbacks.ts';

/** What must be known of a task to count it as a part of its chord. */
export type ChordMember = Pick<TaskRequest, 'id' | 'group' | 'groupIndex' | 'chord'> &
  Partial<Pick<TaskRequest, 'rootId' | 'replyTo'>>;

/**
 * Counts a task that has ended as a part of its chord, if it is one. The last part has the body sent with the results
 * of all, in the order of the header; if any part failed, the body fails with a ChordError instead
 * (celery/backends/redis.py, `on_chord_part_return`).
 * @throws PlatformError as the backend and the sender do, while it can still be tried again
 */
export async function finishChordPart(
  member: ChordMember,
  state: FinalState,
  result: TaskValue,
  deps: CanvasDeps,
): Promise<void> {
  const { id, group, groupIndex: index, chord } = member;
  if (chord === undefined || group === undefined) return;
  const ended = await deps.backend.addChordPart({ group, id, index, state, result });
  if (ended === undefined) return;
  await whileHeld(group, ended.claim, deps, () => settleChord(member, draftOf(chord), group, ended, deps));
}

/** How often a claim on a chord is renewed, in milliseconds; it holds three times as long. */
const renewalMs = 3_000;

/** Settles a chord while nobody else does, as long as that takes, unless another has taken it over already. */
async function whileHeld(
  group: string,
  claim: string,
  { backend }: CanvasDeps,
  settle: () => Promise<void>,
): Promise<void> {
  if (!(await backend.holdChord(group, claim))) return;
  await whileRenewed(() => backend.holdChord(group, claim), renewalMs, settle);
}

async function settleChord(
  member: ChordMember,
  body: ReturnType<typeof draftOf>,
  group: string,
  ended: ChordParts,
  deps: CanvasDeps,
): Promise<void> {
  const failures = ended.parts.filter((part) => part.state !== 'SUCCESS');
  const [failed] = failures;
  if (failed === undefined) return sendBody(member, body, group, ended, deps);
  const cause = documentOf(failed.result);
  const error = exceptionDocument(chordError(`Dependency ${failed.id} raised ${exceptionRepr(cause)}`));
  const heard = failures.flatMap((part) => heardOf(part.result));
  await failBody(body, { error, cause, heard }, member, deps, finishChordPart);
  await deps.backend.closeChord(group, ended.claim);
}

async function sendBody(
  member: ChordMember,
  body: ReturnType<typeof draftOf>,
  group: string,
  ended: ChordParts,
  deps: CanvasDeps,
): Promise<void> {
  const results = await headerResults(group, ended, deps.backend);
  const { rootId, parentId, replyTo } = callAfter(member, []);
  try {
    await sendDraft(body, { args: [results], rootId, parentId, replyTo }, deps);
  } catch (error) {
    if (!isForGood(error)) throw error;
    const cause = exceptionDocument(error);
    const failure = exceptionDocument(chordError(`Callback error: ${exceptionRepr(cause)}`));
    await failBody(body, { error: failure, cause: failure }, member, deps, finishChordPart);
  }
  await deps.backend.forgetChord(group, ended.claim);
}
