import { pythonRepr } from '../../protocol/python-repr.ts';
import { typeError } from '../../worker/bind-arguments.ts';
import { type Commands, ok, refusal } from '../command.ts';
import type { WorkerView } from '../worker-view.ts';

/** Limits of tasks, which last until the worker ends. */
export const limits: Commands = {
  rate_limit: ({ view, log }, args) => {
    const task = args.text('task_name');
    const rate = args.value('rate_limit') ?? null;
    if (rate !== null && typeof rate !== 'string' && typeof rate !== 'number') {
      throw typeError("rate_limit() argument 'rate_limit' must be a text or a number");
    }
    if (!knows(view, task)) return refusal('unknown task');
    try {
      view.setRateLimit(task, rate);
    } catch (error) {
      if (error instanceof RangeError) return refusal(`Invalid rate limit string: ${pythonRepr(rate)}`);
      throw error;
    }
    log.info({ task, rate }, 'a rate limit is set by remote control');
    const isLimited = view.limitsOf(task).rate !== undefined;
    return ok(isLimited ? 'new rate limit set successfully' : 'rate limit disabled successfully');
  },
  time_limit: ({ view, log }, args) => {
    const task = args.text('task_name');
    const [soft, hard] = [args.optionalNumber('soft'), args.optionalNumber('hard')];
    if ((soft ?? 0) < 0 || (hard ?? 0) < 0) return refusal('a time limit is a number of seconds');
    if (!knows(view, task)) return refusal('unknown task');
    view.setTimeLimit(task, { soft, hard });
    log.info({ task, soft, hard }, 'time limits are set by remote control');
    return ok('time limits set successfully');
  },
};

function knows(view: WorkerView, task: string): boolean {
  return view.tasks().some(({ name }) => name === task);
}
