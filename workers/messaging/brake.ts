import type { Layer, Outcome } from './delivery.ts';
import { GrowingDelay, pause } from './pause.ts';

/**
 * Slows one consumer down while something it needs is away: after a postponed delivery no other begins for a
 * growing time (0.1 to 5 s), so that the whole queue does not run through the retry steps in vain.
 * Deliveries held back keep their places in the prefetch, and so no more arrive.
 */
export class Brake {
  readonly #delay: GrowingDelay;
  #until = 0;

  constructor(delay: GrowingDelay = new GrowingDelay({ firstMs: 100, longestMs: 5_000 })) {
    this.#delay = delay;
  }

  /** Resolves when a delivery may begin, or the signal is aborted. */
  async released(signal: AbortSignal): Promise<void> {
    for (let left = this.#left; left > 0 && !signal.aborted; left = this.#left) await pause(left, signal);
  }

  /** Learns how a delivery ended. */
  note(outcome: Outcome['kind']): void {
    // A dead letter may never have come as far as needing anything.
    if (outcome === 'dead') return;
    if (outcome !== 'postpone') {
      this.#delay.reset();
      this.#until = 0;
    } else if (this.#left <= 0) {
      // Many deliveries that fail together count once.
      this.#until = performance.now() + this.#delay.next();
    }
  }

  /** Milliseconds until deliveries may begin; by a clock that nobody sets back, which would hold them for as long. */
  get #left(): number {
    return this.#until - performance.now();
  }
}

/** A layer that lets a brake learn how deliveries end. */
export function heed(brake: Brake): Layer {
  return (next) => async (delivery) => {
    const outcome = await next(delivery);
    brake.note(outcome.kind);
    return outcome;
  };
}
