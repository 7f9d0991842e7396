/**
 * Follows whether a server can be reached. In the first moments of an outage callers may wait for its end, since
 * most are over at once (a restart, a failover); after that they are told without delay.
 */
export class Outage {
  readonly #patienceMs: number;
  readonly #maxWaiting: number;
  #waiting = 0;
  #current: { readonly over: Promise<boolean>; readonly end: (recovered: boolean) => void } | undefined;

  /**
   * @param options.patienceMs how long after its begin an outage may be waited for, in milliseconds
   * @param options.maxWaiting how many callers may wait at once; further ones are turned away
   */
  constructor(options: { readonly patienceMs: number; readonly maxWaiting: number }) {
    this.#patienceMs = options.patienceMs;
    this.#maxWaiting = options.maxWaiting;
  }

  /** The server is away; called again during an outage it changes nothing. */
  begin(): void {
    if (this.#current !== undefined) return;
    let settle: (recovered: boolean) => void = () => {};
    const over = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const timer = setTimeout(settle, this.#patienceMs, false);
    const end = (recovered: boolean) => {
      clearTimeout(timer);
      settle(recovered);
    };
    this.#current = { over, end };
  }

  /** The server is back. */
  end(): void {
    this.#current?.end(true);
    this.#current = undefined;
  }

  /** The server will not be used again: whoever waits is told so. */
  abandon(): void {
    this.#current?.end(false);
  }

  /** @returns whether the server is back; `false` comes at once when the outage is no longer young */
  async waitForEnd(): Promise<boolean> {
    if (this.#current === undefined) return true;
    if (this.#waiting >= this.#maxWaiting) return false;
    this.#waiting += 1;
    try {
      return await this.#current.over;
    } finally {
      this.#waiting -= 1;
    }
  }
}
