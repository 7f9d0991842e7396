import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { Kwargs } from '../protocol/value.ts';
import type { ExceptionDocument } from '../results/result-backend.ts';
import { sendDraft } from './apply-signature.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { callAfter } from './continue-after.ts';
import { draftOf, groupDraft } from './draft.ts';

/** What is known of a task that failed; of the body of a chord that never ran it is little. */
export type FailedTask = Pick<TaskRequest, 'id' | 'errbacks'> & Partial<TaskRequest>;

/**
 * Sends the errbacks of a failed task. Celery calls those that take the request, the exception and the traceback in
 * the failing worker itself; here they are sent as well, so that they are not lost with the worker, and get documents
 * in place of Python's objects. The others get the id of the failed task.
 *
 * @returns what was sent
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
    children.push(...(await sendDraft(draftOf(errback), call, deps)).children);
  }
  if (plain.length > 0) {
    const call = callAfter(failed, [failed.id]);
    children.push(...(await sendDraft(groupDraft(plain.map(draftOf)), call, deps)).children);
  }
  return children;
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
