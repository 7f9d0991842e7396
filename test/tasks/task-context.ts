import type { ResultTuple, Signature } from '../../workers/celery/protocol/signature.ts';
import type { TaskValue } from '../../workers/celery/protocol/value.ts';
import type { TaskContext } from '../../workers/celery/task.ts';

/** A context as far as tasks of this product use it, and the states that the task stored. */
export function taskContext(signal: AbortSignal = new AbortController().signal): {
  readonly context: TaskContext;
  readonly states: [state: string, meta: TaskValue][];
  /** Names of the tasks that the task sent. */
  readonly sent: string[];
} {
  const states: [string, TaskValue][] = [];
  const sent: string[] = [];
  const context = {
    signal,
    updateState: async (state: string, meta: TaskValue) => {
      states.push([state, meta]);
    },
    send: async ({ task }: Signature): Promise<ResultTuple> => {
      sent.push(task);
      return [[`id-of-${task}`, null], null];
    },
    // The rest of it needs a worker; a test that wants more than this fails.
  } as unknown as TaskContext;
  return { context, states, sent };
}
