import { GrowingDelay, pause } from './pause.ts';

/**
 * Tries an action until it succeeds, after growing delays, while the delivery it serves is still ours.
 *
 * @param options.signal ends it, as does the last of `tries`
 * @param options.onError is told of each failure and may repair its cause
 * @returns whether it succeeded
 */
export async function insist(
  action: () => Promise<void>,
  options: {
    readonly signal: AbortSignal;
    readonly tries: number;
    readonly onError: (error: unknown) => Promise<void> | void;
  },
): Promise<boolean> {
  const delay = new GrowingDelay({ firstMs: 100, longestMs: 5_000 });
  while (!options.signal.aborted) {
    try {
      await action();
      return true;
    } catch (error) {
      if (options.signal.aborted) return false;
      await options.onError(error);
    }
    const wait = delay.next();
    if (delay.attempts >= options.tries) return false;
    await pause(wait, options.signal);
  }
  return false;
}
