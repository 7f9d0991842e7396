import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One of the scripts in `python/` as a process, which writes lines of JSON and can be written to. */
export class PythonProcess {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(
    script: string,
    args: readonly string[],
    options: { readonly python: string; readonly env?: NodeJS.ProcessEnv },
  ) {
    const { env = {}, python } = options;
    const file = fileURLToPath(new URL(`python/${script}`, import.meta.url));
    this.#process = spawn(python, [file, ...args], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.#process;
    if (stdout === null) throw new Error(`${script} has no output`);
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  write(value: unknown): void {
    this.#process.stdin?.write(`${JSON.stringify(value)}\n`);
  }

  /** The next line of its output. @throws Error when it has ended */
  async read(): Promise<unknown> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error('the script has ended');
    return JSON.parse(value);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
