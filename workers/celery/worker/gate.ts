import { pause } from '../../messaging/pause.ts';

/** Holds work back while something that all of it needs is away. */
export class Gate {
  readonly #waiting = new Set<() => void>();
  readonly #closers = new Set<object>();

  get open(): boolean {
    return this.#closers.size === 0;
  }

  /** Closes the gate until the returned function is called, and as long as others keep it closed. */
  close(): () => void {
    const closer = {};
    this.#closers.add(closer);
    return () => {
      this.#closers.delete(closer);
      if (!this.open) return;
      for (const wake of [...this.#waiting]) wake();
    };
  }

  /** Resolves when it is open, or the signal is aborted. */
  async passed(signal: AbortSignal): Promise<void> {
    while (!this.open && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        this.#waiting.add(done);
        signal.addEventListener('abort', done);
      });
    }
  }
}

/**
 * Repeats an action until it succeeds, fails for good, or nobody may wait any longer.
 * @param options.isPassing whether an error is worth another try
 * @throws the action's error
 */
export async function persist<Result>(
  action: () => Promise<Result>,
  options: {
    readonly isPassing: (error: unknown) => boolean;
    readonly delay: { next(): number };
    readonly signal: AbortSignal;
    readonly onTrouble: (error: unknown) => void;
  },
): Promise<Result> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!options.isPassing(error) || options.signal.aborted) throw error;
      options.onTrouble(error);
    }
    await pause(options.delay.next(), options.signal);
  }
}
