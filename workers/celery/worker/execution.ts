import { softTimeLimitExceeded, TaskError } from '../protocol/exception.ts';
import { callAt } from './long-timer.ts';
import type { Outcome } from './outcome.ts';
import type { Attempt, Runner, Running } from './runner.ts';
import type { Limits } from './time-limits.ts';

/** An attempt that ended, though perhaps only for the worker. */
export interface Ended {
  readonly outcome: Outcome;
  /** Resolves when none of the task's code runs any more: only then its slot is free. */
  readonly over: Promise<void>;
}

/**
 * Runs one attempt within its time limits.
 * @param cutShort ends it from outside, such as by remote control
 * @param onBegin is told once the task's own code can begin
 */
export async function execute(
  attempt: Attempt,
  options: {
    readonly runner: Runner;
    readonly limits: Limits;
    readonly cutShort: Promise<Outcome>;
    readonly onBegin: () => void;
  },
): Promise<Ended> {
  const { runner, limits, cutShort, onBegin } = options;
  const beginning = runner.begin(attempt);
  const cutBefore = await Promise.race([
    beginning.then(() => undefined),
    cutShort.then((outcome) => outcome),
  ]);
  if (cutBefore !== undefined) return { outcome: cutBefore, over: endOnceBegun(beginning, cutBefore) };
  const running = await beginning;
  onBegin();
  const watch = watchTime(running, limits);
  try {
    const cut = Promise.race([watch.hard, cutShort]).then((outcome) => ({ outcome, cut: true }));
    const own = running.outcome.then((outcome) => ({ outcome, cut: false }));
    const first = await Promise.race([own, cut]);
    if (first.cut) running.kill(reasonOf(first.outcome));
    return { outcome: first.outcome, over: running.over };
  } finally {
    watch.stop();
  }
}

/** Ends an attempt that was given up while it waited for its thread. */
async function endOnceBegun(beginning: Promise<Running>, outcome: Outcome): Promise<void> {
  const running = await beginning.catch(() => undefined);
  running?.kill(reasonOf(outcome));
  await running?.over;
}

function watchTime(running: Running, { soft, hard }: Limits) {
  const began = Date.now();
  const stops: (() => void)[] = [];
  if (soft !== undefined) {
    stops.push(callAt(began + soft * 1000, () => running.interrupt(softTimeLimitExceeded())));
  }
  const timedOut = new Promise<Outcome>((resolve) => {
    if (hard === undefined) return;
    stops.push(callAt(began + hard * 1000, () => resolve({ kind: 'timedOut', limit: hard })));
  });
  return {
    hard: timedOut,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

function reasonOf(outcome: Outcome): TaskError {
  return new TaskError('Terminated', [outcome.kind], 'celery.exceptions');
}
