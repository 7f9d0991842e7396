import { ManagedProcess, type ProcessEnd, waitUntilReady } from './processes/managed-process.ts';
import type { Startable } from './processes/supervisor.ts';

export interface ServiceProcessOptions {
  readonly name: string;
  /** Arguments of node: the script and what it is given. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Port of its HTTP server, which answers /readyz. */
  readonly port: number;
  readonly directory: string;
  readonly logFile: string;
  /** How long it may take to get ready at its first start, in milliseconds. @default 60 000 */
  readonly readyTimeoutMs?: number;
  /** How long it has for finishing its work after SIGTERM, in milliseconds. @default 10 000 */
  readonly graceMs?: number;
}

/** A service of the platform as a process of this machine. */
export class ServiceProcess implements Startable {
  readonly name: string;
  readonly #options: ServiceProcessOptions;
  #process: ManagedProcess | undefined;

  constructor(options: ServiceProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  get exited(): Promise<ProcessEnd> {
    return this.#process?.exited ?? Promise.resolve({ code: null, signal: null });
  }

  /** @throws PlatformError LOCAL_STACK_FAILED with the last lines of its log, when it ends or is not ready in time */
  async start(patience: 'limited' | 'endless'): Promise<void> {
    const { name, args, env, port, directory, logFile, readyTimeoutMs = 60_000 } = this.#options;
    this.#process = await ManagedProcess.spawn({
      name,
      command: process.execPath,
      args,
      env,
      cwd: directory,
      logFile,
    });
    const timeoutMs = patience === 'limited' ? readyTimeoutMs : Number.POSITIVE_INFINITY;
    await waitUntilReady(this.#process, () => answersReady(port), timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#process?.stop('SIGTERM', this.#options.graceMs ?? 10_000);
  }

  async kill(): Promise<void> {
    await this.#process?.stop('SIGKILL', 0);
  }
}

async function answersReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5_000) });
  await answer.arrayBuffer();
  return answer.ok;
}
