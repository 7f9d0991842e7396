import { PlatformError } from '../platform/errors.ts';

/** How much the publisher holds until the broker confirms it. */
export interface BufferLimits {
  readonly messages: number;
  readonly bytes: number;
  /** Callers that may wait for a place. */
  readonly waiters: number;
}

/** Who wants a place. */
export interface Entrant {
  readonly bytes: number;
  /** Called, at once or later, when the place is taken. */
  readonly enter: () => void;
  /** Called instead when there is no hope for a place. */
  readonly refuse: (error: PlatformError) => void;
}

/**
 * Places for messages that are not confirmed yet, limited by number and bytes. When none is free, callers wait in
 * line, and when too many wait, a caller is refused: memory stays bounded however long the broker is away.
 */
export class SendBuffer {
  readonly #limits: BufferLimits;
  readonly #waiting = new Set<Entrant>();
  #messages = 0;
  #bytes = 0;

  constructor(limits: BufferLimits) {
    this.#limits = limits;
  }

  get messages(): number {
    return this.#messages;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Takes a place, at once where one is free and nobody waits, else in turn.
   * A message larger than the limit gets in when it is alone. Refusals are PlatformError PUBLISH_BUFFER_FULL,
   * and PUBLISHER_CLOSED for those who wait when the buffer is closed.
   *
   * @returns a function that gives up waiting
   */
  admit(entrant: Entrant): () => void {
    if (this.#waiting.size === 0 && this.#hasRoomFor(entrant.bytes)) this.#take(entrant);
    else if (this.#waiting.size < this.#limits.waiters) this.#waiting.add(entrant);
    else entrant.refuse(new PlatformError('PUBLISH_BUFFER_FULL'));
    return () => {
      // The one who leaves may have been too large for the room that others behind it fit in.
      if (this.#waiting.delete(entrant)) this.#admitWaiting();
    };
  }

  /** Gives a place back. */
  leave(bytes: number): void {
    this.#messages -= 1;
    this.#bytes -= bytes;
    this.#admitWaiting();
  }

  /** Refuses all who wait. */
  close(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const entrant of waiting) entrant.refuse(new PlatformError('PUBLISHER_CLOSED'));
  }

  #admitWaiting(): void {
    for (const entrant of this.#waiting) {
      if (!this.#hasRoomFor(entrant.bytes)) return;
      this.#waiting.delete(entrant);
      this.#take(entrant);
    }
  }

  #hasRoomFor(bytes: number): boolean {
    if (this.#messages === 0) return true;
    return this.#messages < this.#limits.messages && this.#bytes + bytes <= this.#limits.bytes;
  }

  #take(entrant: Entrant): void {
    this.#messages += 1;
    this.#bytes += entrant.bytes;
    entrant.enter();
  }
}
