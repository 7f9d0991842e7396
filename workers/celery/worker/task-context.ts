import { Ignored, RetryRequested } from '../outcomes.ts';
import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { TaskContext } from '../task.ts';

/** What a task asks of its worker, in the worker's own thread. */
export interface TaskCalls {
  updateState(state: string, meta: TaskValue): Promise<void>;
  send(signature: Signature): Promise<ResultTuple>;
  /** Sends what stands for the task. */
  replace(signature: Signature): Promise<void>;
  addToChord(signature: Signature): Promise<ResultTuple>;
}

/** The context of one attempt, in whatever thread it runs. */
export function taskContext(options: {
  readonly request: TaskRequest;
  readonly hostname: string;
  readonly signal: AbortSignal;
  readonly calls: TaskCalls;
}): TaskContext {
  const { request, hostname, signal, calls } = options;
  return {
    request,
    hostname,
    signal,
    updateState: (state, meta) => calls.updateState(state, meta),
    send: (signature) => calls.send(signature),
    addToChord: (signature) => calls.addToChord(signature),
    retry: (wish) => {
      throw new RetryRequested(wish);
    },
    replace: async (signature) => {
      await calls.replace(signature);
      throw new Ignored('another call stands for this task');
    },
  };
}
