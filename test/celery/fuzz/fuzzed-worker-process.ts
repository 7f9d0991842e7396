import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./fuzzed-worker.ts', import.meta.url));

/** A worker in a process of its own, and what it tells of the tasks that end in it. */
export class FuzzedWorker {
  /** Ids of the tasks that ended. */
  readonly ended = new Set<string>();
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #errors: Promise<string>;

  constructor(servers: { readonly broker: string; readonly redis: string }) {
    this.#process = spawn(process.execPath, ['--import', 'tsx', program], {
      env: { ...process.env, BROKER_URL: servers.broker, REDIS_URL: servers.redis },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface(this.#process.stdout).on('line', (line) => {
      if (line.startsWith('[')) this.ended.add(JSON.parse(line)[1]);
    });
    this.#errors = text(this.#process.stderr);
  }

  /** @throws Error with what it wrote when the process has ended */
  async checkAlive(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) return;
    throw new Error(`the worker ended (${exitCode ?? signalCode}): ${await this.#errors}`);
  }

  /** Ends it as an operator would. @returns its exit code and what it wrote to standard error */
  async stop(): Promise<{ readonly code: number | null; readonly errors: string }> {
    const exit = once(this.#process, 'exit');
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM');
      await exit;
    }
    return { code: this.#process.exitCode, errors: await this.#errors };
  }

  /** Ends it whatever it does. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
