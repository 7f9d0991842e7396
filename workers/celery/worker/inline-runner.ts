import { runTask } from './run-task.ts';
import type { Runner } from './runner.ts';
import { taskContext } from './task-context.ts';

/**
 * Runs tasks in the worker's own thread. JavaScript cannot be ended from outside, so a task that heeds its signal ends
 * in time and any other only by itself.
 */
export function inlineRunner(hostname: string): Runner {
  return {
    begin: async ({ task, request, calls }) => {
      const controller = new AbortController();
      const context = taskContext({ request, hostname, signal: controller.signal, calls });
      const outcome = runTask(task, request, context);
      const abort = (reason: Error) => controller.abort(reason);
      return { outcome, over: outcome.then(() => undefined), interrupt: abort, kill: abort };
    },
  };
}
