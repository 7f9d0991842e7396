import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The worker of the suite, as a process of its own. */
export class SuiteWorker {
  readonly #process: ChildProcess;
  readonly #ready: Promise<void>;

  /** @param env as `main.ts` of the integration worker reads it */
  constructor(env: NodeJS.ProcessEnv) {
    const program = fileURLToPath(new URL('../integration-worker/main.ts', import.meta.url));
    this.#process = spawn(process.execPath, ['--import', 'tsx', program], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = this.#process;
    this.#ready = new Promise((resolve, reject) => {
      if (stdout !== null)
        createInterface({ input: stdout }).on('line', (line) => line.startsWith('ready') && resolve());
      this.#process.on('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
    });
    this.#ready.catch(() => undefined);
  }

  /** @throws Error when it ends before it consumes */
  async ready(): Promise<void> {
    await this.#ready;
  }

  /** Ends it as an operator would. @returns its exit code */
  async stop(): Promise<number | null> {
    if (this.#process.exitCode !== null) return this.#process.exitCode;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
    return this.#process.exitCode;
  }
}
