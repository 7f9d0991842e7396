import type { QueueHealth } from './health.ts';

interface Attempt {
  readonly startedAt: number;
  readonly signal: AbortSignal;
}

/** The attempts at one queue's messages that run now. */
export class InFlight {
  readonly #limitMs: number;
  readonly #attempts = new Set<Attempt>();
  readonly #now: () => number;

  /** @param limitMs time limit of one attempt */
  constructor(limitMs: number, now: () => number = Date.now) {
    this.#limitMs = limitMs;
    this.#now = now;
  }

  /**
   * @param signal aborted when the delivery is lost with its channel
   * @returns a function to call when the attempt is over
   */
  enter(signal: AbortSignal): () => void {
    const attempt = { startedAt: this.#now(), signal };
    this.#attempts.add(attempt);
    return () => {
      this.#attempts.delete(attempt);
    };
  }

  /**
   * @param steadySince when the broker was last found well, in milliseconds since 1970; undefined while it is not.
   *   Handlers may wait for the broker, so nothing counts as stuck before that, nor what began before it.
   */
  health(steadySince: number | undefined): Omit<QueueHealth, 'queue' | 'subscribed'> {
    const now = this.#now();
    const oldest = Math.min(now, ...[...this.#attempts].map(({ startedAt }) => startedAt));
    const isStuck = ({ startedAt, signal }: Attempt) =>
      steadySince !== undefined &&
      !signal.aborted &&
      now - Math.max(startedAt, steadySince) > 2 * this.#limitMs;
    return {
      inFlight: this.#attempts.size,
      oldestInFlightMs: now - oldest,
      stuck: [...this.#attempts].filter(isStuck).length,
    };
  }
}
