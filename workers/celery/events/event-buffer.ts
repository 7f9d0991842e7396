import type { Kwargs } from '../protocol/value.ts';

/** Events that wait to be sent: at most so many, of which the oldest go first. */
export class EventBuffer {
  readonly #most: number;
  readonly #events: Kwargs[] = [];
  #dropped = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  push(event: Kwargs): void {
    if (this.#events.length >= this.#most) {
      this.#events.shift();
      this.#dropped += 1;
    }
    this.#events.push(event);
  }

  /** The oldest events, which stay until they are removed. */
  oldest(most: number): readonly Kwargs[] {
    return this.#events.slice(0, most);
  }

  /** Takes out so many of the oldest events. */
  remove(count: number): void {
    this.#events.splice(0, count);
  }

  /** How many events had no room since it was asked last. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }
}
