import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { Kwargs } from '../protocol/value.ts';
import type { ExceptionDocument } from '../results/result-backend.ts';
import { isForGood } from '../sending.ts';
import { type SignatureCall, sendDraft } from './apply-signature.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { callAfter } from './continue-after.ts';
import { type Draft, draftOf, groupDraft } from './draft.ts';

/** What is known of a task that failed; of the body of a chord that never ran it is little. */
export type FailedTask = Pick<TaskRequest, 'id' | 'errbacks'> & Partial<TaskRequest>;

/**
 * Sends the errbacks of a failed task. Celery calls those that take the request, the exception and the traceback in
 * the failing worker itself; here they are sent as well, so that they are not lost with the worker, and get documents
 * in place of Python's objects. The others get the id of the failed task. One that can never be sent is told of and
 * holds up nothing: the task has failed already, and must not be run again for its sake.
 *
 * @returns what was sent
 * @throws PlatformError as the sender does, while it can still be tried again
 */
export async function sendErrbacks(
  failed: FailedTask,
  exception: ExceptionDocument,
  traceback: string | undefined,
  deps: CanvasDeps,
): Promise<ResultTuple[]> {
  // What is left to be given counts, beside the arguments that the errback has already.
  const takesRequest = ({ task, subtask_type, immutable, args, kwargs }: Signature) => {
    const own = immutable ? 0 : args.length + Object.keys(kwargs).length;
    return subtask_type === null && (deps.arity?.(task) ?? 1) - own > 1;
  };
  const full = failed.errbacks.filter(takesRequest);
  const plain = failed.errbacks.filter((errback) => !takesRequest(errback));
  const children: ResultTuple[] = [];
  for (const errback of full) {
    const call = callAfter(failed, [requestDocument(failed), { ...exception }, traceback ?? null]);
    children.push(...(await sendIfPossible(draftOf(errback), call, deps)));
  }
  // Celery makes one group of them; here one that cannot be sent must not keep the others from it.
  for (const errback of plain) {
    const call = callAfter(failed, [failed.id]);
    children.push(...(await sendIfPossible(groupDraft([draftOf(errback)]), call, deps)));
  }
  return children;
}

async function sendIfPossible(
  draft: Draft,
  call: SignatureCall,
  deps: CanvasDeps,
): Promise<readonly ResultTuple[]> {
  try {
    return (await sendDraft(draft, call, deps)).children;
  } catch (error) {
    if (!isForGood(error)) throw error;
    deps.onUnsent?.(error);
    return [];
  }
}

/** The request as an errback gets it, under the names that Celery's `Context` has. */
function requestDocument({ id, task, args, kwargs, rootId, parentId, group, retries }: FailedTask): Kwargs {
  return {
    id,
    task: task ?? null,
    args: args ?? [],
    kwargs: kwargs ?? {},
    root_id: rootId ?? id,
    parent_id: parentId ?? null,
    group: group ?? null,
    retries: retries ?? 0,
  };
}
