/**
 * A logical clock (Lamport, 1978), by which receivers order events of machines whose clocks differ. Every event and every
 * message of remote control carries it (Celery documentation, "Event Reference").
 */
export class LamportClock {
  #value = 0;

  get value(): number {
    return this.#value;
  }

  /** Something is about to be sent. @returns the time to send with it */
  forward(): number {
    this.#value += 1;
    return this.#value;
  }

  /** Something arrived that was sent at this time; what is no time is ignored. */
  adjust(other: unknown): void {
    if (typeof other !== 'number' || !Number.isSafeInteger(other)) return;
    this.#value = Math.max(this.#value, other) + 1;
  }
}
