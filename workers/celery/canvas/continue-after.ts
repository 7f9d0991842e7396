import type { ResultTuple } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { CanvasDeps } from './apply-signature.ts';

/** Sends what a task leads to by its success: its callbacks, then the next step of its chain. @returns what was sent */
export async function continueAfterSuccess(
  _request: TaskRequest,
  _result: TaskValue,
  _deps: CanvasDeps,
): Promise<ResultTuple[]> {
  return [];
}
