import type { TaskValue } from '../../workers/celery/protocol/value.ts';
import type { TaskContext } from '../../workers/celery/task.ts';

/** A context as far as tasks of this product use it, and the states that the task stored. */
export function taskContext(signal: AbortSignal = new AbortController().signal): {
  readonly context: TaskContext;
  readonly states: [state: string, meta: TaskValue][];
} {
  const states: [string, TaskValue][] = [];
  const context = {
    signal,
    updateState: async (state: string, meta: TaskValue) => {
      states.push([state, meta]);
    },
    // The rest of it needs a worker; a test that wants more than this fails.
  } as unknown as TaskContext;
  return { context, states };
}
