/**
 * A token bucket as Celery's rate limits use it (kombu, `utils/limits.py`): it fills at a steady rate and holds one
 * token, so that runs are spread evenly and none is saved up.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #now: () => number;
  #tokens = 1;
  #since: number;

  /** @param perSecond tokens that come back in a second, more than 0; @param now milliseconds */
  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#since = now();
  }

  /** Takes a token. @returns 0, or the milliseconds until one is there */
  take(): number {
    const now = this.#now();
    this.#tokens = Math.min(1, this.#tokens + ((now - this.#since) / 1000) * this.#perSecond);
    this.#since = now;
    // A millisecond's fraction is lost in every sum of fractions.
    if (this.#tokens >= 1 - 1e-9) {
      this.#tokens = 0;
      return 0;
    }
    return Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000);
  }
}
