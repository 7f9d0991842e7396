import type { TaskRequest } from '../protocol/task-request.ts';
import type { ExceptionDocument } from '../results/result-backend.ts';
import type { CanvasDeps } from './apply-signature.ts';

/** Fails the rest of a failed task's chain, and sends its errbacks. */
export async function failDependents(
  _request: TaskRequest,
  _exception: ExceptionDocument,
  _traceback: string | undefined,
  _deps: CanvasDeps,
): Promise<void> {}
