/** What a process that crashed cannot do any more. */
export class Crash extends Error {}

/**
 * Lets a process crash at one of its effects: just before it, or just after it with its result lost.
 * From then on nothing else has an effect either.
 */
export class CrashPoints {
  readonly #crashAt: number;
  readonly #when: 'before' | 'after';
  #step = 0;
  #crashed = false;

  /** @param crashAt number of the effect, counted from 1 */
  constructor(crashAt: number, when: 'before' | 'after') {
    this.#crashAt = crashAt;
    this.#when = when;
  }

  get crashed(): boolean {
    return this.#crashed;
  }

  /** The same object, each of whose asynchronous methods is an effect. */
  wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name, object);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => this.effect(() => Reflect.apply(member, object, args));
      },
    });
  }

  /** Runs one effect, unless the process crashes before it. */
  async effect<T>(run: () => T | Promise<T>): Promise<T> {
    if (this.#crashed) throw new Crash();
    this.#step += 1;
    const isHere = this.#step === this.#crashAt;
    if (isHere && this.#when === 'before') this.#crash();
    const result = await run();
    if (isHere) this.#crash();
    if (this.#crashed) throw new Crash();
    return result;
  }

  #crash(): never {
    this.#crashed = true;
    throw new Crash();
  }
}
