import { isList, isMapping, textOf } from '../protocol/fields.ts';
import { parseTaskJson, stringifyTaskJson } from '../protocol/json.ts';
import type { ResultTuple } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import type { NewResult, ResultDocument } from './result-backend.ts';

/** States in which a task has ended (celery/states.py, `READY_STATES`). */
const readyStates: readonly string[] = ['SUCCESS', 'FAILURE', 'REVOKED'];

export function isReady(state: string): boolean {
  return readyStates.includes(state);
}

/**
 * A result as Celery stores it (celery/backends/base.py, `_get_result_meta`).
 * @param extended with the name, arguments and worker of the task (`result_extended`)
 */
export function encodeResult(result: NewResult, extended: { readonly hostname: string } | undefined): string {
  const { id, state, traceback, children, request } = result;
  const document: TaskValue = {
    status: state,
    result: result.result,
    traceback: traceback ?? null,
    children: children ?? [],
    date_done: isReady(state) ? new Date().toISOString().replace(/Z$/, '+00:00') : null,
    task_id: id,
    ...(request?.group !== undefined && { group_id: request.group }),
    ...(request?.parentId !== undefined && { parent_id: request.parentId }),
    ...(extended && request && extendedFields(request, extended.hostname)),
  };
  return stringifyTaskJson(document);
}

function extendedFields(request: TaskRequest, hostname: string): Kwargs {
  return {
    name: request.task,
    args: request.args,
    kwargs: request.kwargs,
    worker: hostname,
    retries: request.retries,
    queue: request.delivery.queue,
    ...(request.stampedHeaders && { stamped_headers: request.stampedHeaders, ...request.stamps }),
  };
}

/**
 * Reads a stored result, which a worker in any language may have written.
 * @returns undefined for what is none
 */
export function decodeResult(id: string, text: string): ResultDocument | undefined {
  const document = jsonOf(text);
  if (!isMapping(document)) return undefined;
  const { status, result, traceback, children, date_done: dateDone } = document;
  if (typeof status !== 'string') return undefined;
  return {
    taskId: textOf(document['task_id']) ?? id,
    status,
    result: result ?? null,
    traceback: typeof traceback === 'string' ? traceback : null,
    children: isList(children) ? tuplesOf(children) : [],
    dateDone: typeof dateDone === 'string' ? dateDone : null,
    groupId: textOf(document['group_id']),
    parentId: textOf(document['parent_id']),
  };
}

/** The result of something that was sent, as it is written; undefined for anything else. */
export function resultTupleOf(value: TaskValue | undefined): ResultTuple | undefined {
  if (!isList(value) || value.length !== 2) return undefined;
  const [own, members] = value;
  const [id, before] = isList(own) ? own : [own, null];
  if (typeof id !== 'string') return undefined;
  const children = isList(members) ? tuplesOf(members) : null;
  return [[id, resultTupleOf(before) ?? null], children];
}

function tuplesOf(values: readonly TaskValue[]): readonly ResultTuple[] {
  return values.map(resultTupleOf).filter((each) => each !== undefined);
}

function jsonOf(text: string): TaskValue | undefined {
  try {
    return parseTaskJson(text);
  } catch {
    return undefined;
  }
}
