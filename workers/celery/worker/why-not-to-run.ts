import type { TaskRequest } from '../protocol/task-request.ts';
import type { Revocations } from './revocations.ts';

/** Why a request is not to be run, now; undefined if it is. It is asked on arrival and again before the run. */
export function whyNotToRun(
  request: TaskRequest,
  revocations: Revocations,
  now: number = Date.now(),
): 'expired' | 'revoked' | undefined {
  if (request.expires !== undefined && request.expires.getTime() <= now) return 'expired';
  return revocations.has(request) ? 'revoked' : undefined;
}
