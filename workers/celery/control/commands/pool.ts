import { TaskError } from '../../protocol/exception.ts';
import { type Command, type Commands, ok, refusal } from '../command.ts';

/** Slots that one worker may have at most: a slip of the finger must not take all memory. */
const mostSlots = 10_000;

/** How many tasks run at the same time. */
export const pool: Commands = {
  pool_grow: resize('pool_grow', 'pool will grow', (view, by) => view.grow(by)),
  pool_shrink: resize('pool_shrink', 'pool will shrink', (view, by) => view.shrink(by)),
  pool_restart: () => {
    throw valueError('Pool restarts not enabled');
  },
  autoscale: ({ view, log }, args) => {
    const [max, min] = [args.optionalInteger('max'), args.optionalInteger('min')];
    if (view.figures().autoscale === undefined) throw valueError('Autoscale not enabled');
    if (max !== undefined && (max < 1 || max > mostSlots)) throw valueError(`max must be 1 to ${mostSlots}`);
    const limits = view.autoscale(max, min);
    log.info(limits, 'the limits of the pool are set by remote control');
    return ok(`autoscale now max=${limits.max} min=${limits.min}`);
  },
};

function resize(
  method: string,
  answer: string,
  change: (view: Parameters<Command>[0]['view'], by: number) => void,
): Command {
  return ({ view, log }, args) => {
    const by = args.optionalInteger('n') ?? 1;
    const { autoscale, concurrency } = view.figures();
    if (autoscale !== undefined) {
      return refusal(`${method} is not supported with autoscale. Adjust autoscale range instead.`);
    }
    if (concurrency + Math.abs(by) > mostSlots) throw valueError(`a pool has at most ${mostSlots} slots`);
    change(view, by);
    log.info({ by, concurrency: view.figures().concurrency }, `${method} by remote control`);
    return ok(answer);
  };
}

function valueError(text: string): TaskError {
  return new TaskError('ValueError', [text], 'builtins');
}
