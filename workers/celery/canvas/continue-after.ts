import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { TaskValue } from '../protocol/value.ts';
import { type SignatureCall, sendDraft } from './apply-signature.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { type Draft, draftOf, groupDraft } from './draft.ts';

/**
 * Sends what a task leads to by its success: its callbacks, several of them as one group, then the next step of its
 * chain (celery/app/trace.py). Its result is stored after that, with what is returned here as its children.
 * @throws PlatformError as the sender does
 */
export async function continueAfterSuccess(
  request: TaskRequest,
  result: TaskValue,
  deps: CanvasDeps,
): Promise<ResultTuple[]> {
  const call = callAfter(request, [result]);
  const children: ResultTuple[] = [];
  for (const draft of together(request.callbacks))
    children.push(...(await sendDraft(draft, call, deps)).children);
  const next = request.chain.at(-1);
  if (next !== undefined) {
    const chain = request.chain.slice(0, -1);
    const options = { ...call.options, chain };
    children.push(...(await sendDraft(draftOf(next), { ...call, options }, deps)).children);
  }
  return children;
}

/** What is sent after a task belongs to the same root, and has the task as its parent. */
export function callAfter(
  request: Pick<TaskRequest, 'id'> & Partial<Pick<TaskRequest, 'rootId' | 'replyTo'>>,
  args: readonly TaskValue[],
): SignatureCall {
  const { id: parentId, rootId = request.id, replyTo } = request;
  return {
    args,
    options: { parent_id: parentId, root_id: rootId },
    rootId,
    parentId,
    ...(replyTo === undefined ? {} : { replyTo }),
  };
}

/** Several calls are one group, but for groups, which stay by themselves. */
function together(signatures: readonly Signature[]): Draft[] {
  const drafts = signatures.map(draftOf);
  if (drafts.length < 2) return drafts;
  const plain = drafts.filter(({ kind }) => kind !== 'group');
  const groups = drafts.filter(({ kind }) => kind === 'group');
  return plain.length === 0 ? groups : [...groups, groupDraft(plain)];
}
