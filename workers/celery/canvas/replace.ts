import type { Signature } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { CanvasDeps } from './apply-signature.ts';

/** Sends what stands for a task from now on. */
export async function replaceTask(
  _request: TaskRequest,
  _signature: Signature,
  _deps: CanvasDeps,
): Promise<void> {}
