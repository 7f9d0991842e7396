import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { ExceptionDocument, FinalState } from '../results/result-backend.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { type Draft, draftOf, signatureOf } from './draft.ts';
import { sendErrbacks } from './errbacks.ts';
import { forsakenOf, storeFailures } from './forsaken.ts';
import { freeze, idOf } from './freeze.ts';
import { digestOf, failureHeardBy } from './heard-errbacks.ts';

/** Counts a part of a chord, which the body of another chord can be. */
export type FinishPart = (
  part: Pick<TaskRequest, 'id' | 'group' | 'groupIndex' | 'chord'>,
  state: FinalState,
  result: TaskValue,
  deps: CanvasDeps,
) => Promise<void>;

/**
 * Fails the body of a chord that will never run, with all that follows it: each of its calls has the failure as its
 * result, its errbacks are sent, and it counts as a failed part of the chord around it, which Celery leaves waiting.
 *
 * @param failure.error a ChordError
 * @param failure.cause what the part raised: members of a group in place of a body fail with it, as in Celery 5.6
 * @param failure.heard digests of the errbacks that were sent because of the part already
 */
export async function failBody(
  body: Draft,
  failure: {
    readonly error: ExceptionDocument;
    readonly cause: ExceptionDocument;
    readonly heard?: readonly string[];
  },
  after: { readonly id: string; readonly rootId?: string },
  deps: CanvasDeps,
  finishPart: FinishPart,
): Promise<void> {
  freeze(body, {});
  const exception = body.kind === 'group' ? failure.cause : failure.error;
  const forsaken = [...forsakenOf(body), ...(body.options.chain ?? []).map(draftOf).flatMap(forsakenOf)];
  const rootId = after.rootId ?? after.id;
  const children = new Map<string, readonly ResultTuple[]>();
  // Before the failure is stored, so that whoever sees it sees them as its children.
  const before = new Set(failure.heard);
  const heard = new Set(before);
  for (const { id, errbacks: all } of errbacksOf(body)) {
    const errbacks = all.filter((errback) => !before.has(digestOf(errback)));
    children.set(id, await sendErrbacks({ id, errbacks, rootId }, exception, undefined, deps));
    for (const errback of errbacks) heard.add(digestOf(errback));
  }
  await storeFailures(forsaken, exception, undefined, deps, children);
  for (const { id, part } of forsaken) {
    if (part === undefined) continue;
    const member = { id, group: part.group, groupIndex: part.index, chord: signatureOf(part.chord) };
    await finishPart(member, 'FAILURE', failureHeardBy(exception, heard), deps);
  }
}

/** Whose failure the errbacks hear of: each member of a group, else the one that would have run first or last. */
function errbacksOf(body: Draft): { readonly id: string; readonly errbacks: readonly Signature[] }[] {
  const own = body.options.linkError;
  switch (body.kind) {
    case 'task':
      return [{ id: String(idOf(body)), errbacks: own }];
    case 'group':
      return body.members
        .flatMap(errbacksOf)
        .map(({ id, errbacks }) => ({ id, errbacks: [...own, ...errbacks] }));
    case 'chord':
      return errbacksOf(body.body).map(({ id, errbacks }) => ({ id, errbacks: [...own, ...errbacks] }));
    case 'chain': {
      const last = body.steps.at(-1);
      const id = last === undefined ? idOf(body) : errbacksOf(last)[0]?.id;
      return [{ id: String(id), errbacks: own }];
    }
  }
}
