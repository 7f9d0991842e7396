import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { CanvasDeps } from './apply-signature.ts';

/** Adds a call to the header of the chord that a running task is part of. */
export async function addToChord(
  _request: TaskRequest,
  _signature: Signature,
  _deps: CanvasDeps,
): Promise<ResultTuple> {
  throw new Error('addToChord');
}
