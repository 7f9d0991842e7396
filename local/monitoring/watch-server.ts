import { ManagedProcess, type ProcessEnd, waitUntilReady } from '../processes/managed-process.ts';
import type { Startable } from '../processes/supervisor.ts';

export interface WatchServerOptions {
  readonly name: string;
  /** Path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly logFile: string;
  /** What it answers with 200 once it is ready. */
  readonly readyUrl: string;
}

/** How long a server may take to get ready at its first start, in milliseconds. */
const readyTimeoutMs = 60_000;

/** A server that watches the platform, as a process on the loopback interface. */
export class WatchServer implements Startable {
  readonly name: string;
  readonly logFile: string;
  readonly #options: WatchServerOptions;
  #process: ManagedProcess | undefined;

  constructor(options: WatchServerOptions) {
    this.name = options.name;
    this.logFile = options.logFile;
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
    const { name, program, args, env, directory, logFile, readyUrl } = this.#options;
    this.#process = await ManagedProcess.spawn({
      name,
      command: program,
      args,
      env: { PATH: process.env['PATH'], ...env },
      cwd: directory,
      logFile,
    });
    const timeoutMs = patience === 'limited' ? readyTimeoutMs : Number.POSITIVE_INFINITY;
    await waitUntilReady(this.#process, () => answers(readyUrl), timeoutMs);
  }

  async stop(): Promise<void> {
    await this.#process?.stop('SIGTERM', 10_000);
  }

  async kill(): Promise<void> {
    await this.#process?.stop('SIGKILL', 0);
  }
}

async function answers(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  await answer.arrayBuffer();
  return answer.ok;
}
