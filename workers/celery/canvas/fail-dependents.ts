import type { TaskRequest } from '../protocol/task-request.ts';
import type { ExceptionDocument } from '../results/result-backend.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { draftOf, signatureOf } from './draft.ts';
import { sendErrbacks } from './errbacks.ts';
import { finishChordPart } from './finish-chord-part.ts';
import { forsakenOf, storeFailures } from './forsaken.ts';

/**
 * Fails what waits for a failed task: every later step of its chain, down into chords and groups, has its failure as
 * the result and counts as a failed part of its chord; then the task's errbacks are sent
 * (celery/backends/base.py, `mark_as_failure`).
 * @throws PlatformError as the backend and the sender do
 */
export async function failDependents(
  request: TaskRequest,
  exception: ExceptionDocument,
  traceback: string | undefined,
  deps: CanvasDeps,
): Promise<void> {
  const forsaken = request.chain.map(draftOf).flatMap(forsakenOf);
  await storeFailures(forsaken, exception, traceback, deps);
  for (const { id, part } of forsaken) {
    if (part === undefined) continue;
    const { group, index, chord } = part;
    const member = { id, group, groupIndex: index, chord: signatureOf(chord), rootId: request.rootId };
    await finishChordPart(member, 'FAILURE', { ...exception }, deps);
  }
  if (request.errbacks.length > 0) await sendErrbacks(request, exception, traceback, deps);
}
