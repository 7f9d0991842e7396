import type { Gate } from './gate.ts';

/** Something that waits for a slot. */
interface Waiting {
  readonly begin: (release: () => void) => void;
}

/** How many slots there may be when their number follows the load. */
export interface Autoscale {
  readonly max: number;
  readonly min: number;
}

/** A slot that nobody needed for this long, in milliseconds, is given up where their number follows the load. */
const keepAliveMs = 30_000;

/** The places in which tasks run at the same time; whoever finds none free waits in line. */
export class Slots {
  readonly #gate: Gate;
  readonly #closing: AbortSignal;
  readonly #onResize: () => void;
  readonly #waiting = new Set<Waiting>();
  #size: number;
  #taken = 0;
  #autoscale: Autoscale | undefined;
  #shrinkTimer: NodeJS.Timeout | undefined;
  #held = false;

  /**
   * @param options.gate nobody begins while it is closed
   * @param options.onResize called when the number of slots has changed
   */
  constructor(options: {
    readonly size: number;
    readonly autoscale?: Autoscale | undefined;
    readonly gate: Gate;
    readonly closing: AbortSignal;
    readonly onResize: () => void;
  }) {
    this.#size = options.autoscale?.min ?? options.size;
    this.#autoscale = options.autoscale;
    this.#gate = options.gate;
    this.#closing = options.closing;
    this.#onResize = options.onResize;
  }

  get size(): number {
    return this.#size;
  }

  get taken(): number {
    return this.#taken;
  }

  get autoscale(): Autoscale | undefined {
    return this.#autoscale;
  }

  /** Calls back with a slot, at once or later. @returns a function that leaves the line */
  enter(begin: (release: () => void) => void): () => void {
    const waiting = { begin };
    this.#waiting.add(waiting);
    this.#grow();
    this.pump();
    return () => {
      this.#waiting.delete(waiting);
    };
  }

  resize(size: number): void {
    const next = Math.max(1, size);
    if (next === this.#size) return;
    this.#size = next;
    this.#onResize();
    this.pump();
  }

  setAutoscale(limits: Autoscale): void {
    this.#autoscale = limits;
    this.resize(Math.min(limits.max, Math.max(limits.min, this.#size)));
    this.#grow();
  }

  /** Lets no more begin. */
  close(): void {
    this.#waiting.clear();
    clearTimeout(this.#shrinkTimer);
  }

  /** Lets those begin that can. */
  pump(): void {
    if (!this.#gate.open) {
      this.#pumpWhenOpen();
      return;
    }
    for (const waiting of this.#waiting) {
      if (this.#taken >= this.#size) return;
      this.#waiting.delete(waiting);
      this.#taken += 1;
      let released = false;
      waiting.begin(() => {
        if (released) return;
        released = true;
        this.#taken -= 1;
        this.#shrinkLater();
        this.pump();
      });
    }
  }

  #pumpWhenOpen(): void {
    if (this.#held) return;
    this.#held = true;
    void this.#gate.passed(this.#closing).then(() => {
      this.#held = false;
      if (!this.#closing.aborted) this.pump();
    });
  }

  #grow(): void {
    const { max = this.#size } = this.#autoscale ?? {};
    const wanted = Math.min(max, this.#taken + this.#waiting.size);
    if (wanted > this.#size) this.resize(wanted);
  }

  #shrinkLater(): void {
    const { min = this.#size } = this.#autoscale ?? {};
    if (this.#size <= min) return;
    clearTimeout(this.#shrinkTimer);
    this.#shrinkTimer = setTimeout(() => this.resize(Math.max(min, this.#taken)), keepAliveMs).unref();
  }
}
