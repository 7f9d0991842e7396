import { PythonProcess } from '../python-process.ts';

/** An exception that a piece of Python ended with. */
export class PythonError extends Error {
  /** Name of its class. */
  readonly excType: string;
  readonly excMessage: readonly unknown[];

  constructor(excType: string, excMessage: readonly unknown[]) {
    super(`${excType}: ${excMessage.map(String).join(', ')}`);
    this.excType = excType;
    this.excMessage = excMessage;
  }
}

/** A Python service that calls tasks with its own Celery. */
export class PythonCaller {
  readonly #python: PythonProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: { readonly broker: string; readonly backend: string; readonly python: string }) {
    const { broker, backend, python } = options;
    this.#python = new PythonProcess('caller.py', [broker, backend], { python });
  }

  /**
   * Runs a piece of Python. @returns the value of the expression that it ends with
   * @throws PythonError for the exception that it raised
   */
  async run(source: string): Promise<unknown> {
    const answer = this.#last.then(async () => {
      this.#python.write(source);
      return this.#python.read();
    });
    this.#last = answer.catch(() => undefined);
    // The script writes one or the other.
    const { value, raised } = (await answer) as {
      readonly value?: unknown;
      readonly raised?: readonly [string, readonly unknown[]];
    };
    if (raised !== undefined) throw new PythonError(...raised);
    return value;
  }

  /** Sends a canvas and waits for its result. @param canvas an expression of Python */
  async result(canvas: string): Promise<unknown> {
    return this.run(`(${canvas}).apply_async().get(timeout=45)`);
  }

  async stop(): Promise<void> {
    await this.#python.stop();
  }
}
