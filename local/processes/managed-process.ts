import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '../../workers/platform/errors.ts';
import { reaper } from './reaper.ts';

export interface ManagedProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Everything the process writes is appended to this file. */
  readonly logFile: string;
}

/** How a process ended: its exit code, or the signal that ended it. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A process in a process group of its own, so that a terminal's Ctrl-C does not reach it and
 * stopping it stops all that it started. Its group never outlives it, nor this process.
 */
export class ManagedProcess {
  readonly name: string;
  readonly logFile: string;
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly exited: Promise<ProcessEnd>;
  #running = true;

  private constructor(options: ManagedProcessOptions, child: ChildProcess, pid: number) {
    this.name = options.name;
    this.logFile = options.logFile;
    this.pid = pid;
    reaper.holdGroup(pid);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        // Now, because the number of a group that is empty may soon belong to somebody else.
        this.#signalGroup('SIGKILL');
        reaper.releaseGroup(pid);
        this.#running = false;
        resolve({ code, signal });
      });
    });
  }

  /** @throws PlatformError TOOL_MISSING when the command cannot be run */
  static async spawn(options: ManagedProcessOptions): Promise<ManagedProcess> {
    const log = openSync(options.logFile, 'a');
    try {
      const child = spawn(options.command, options.args, {
        cwd: options.cwd,
        env: { ...options.env },
        detached: true,
        stdio: ['ignore', log, log],
      });
      if (child.pid !== undefined) return new ManagedProcess(options, child, child.pid);
      const [cause] = await once(child, 'error');
      throw new PlatformError('TOOL_MISSING', `${options.command} cannot be run`, { cause });
    } finally {
      closeSync(log);
    }
  }

  get running(): boolean {
    return this.#running;
  }

  /** Sends a signal to the whole process group; a process that has ended is fine. */
  signal(signal: NodeJS.Signals): void {
    if (this.#running) this.#signalGroup(signal);
  }

  /** Asks the process to end and kills its group if it has not ended after `graceMs`. */
  async stop(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    this.signal(signal);
    const patience = new AbortController();
    await Promise.race([
      this.exited,
      delay(graceMs, undefined, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
    this.signal('SIGKILL');
    await this.exited;
  }

  /** The last lines the process wrote, for an error message. */
  async lastLines(count: number): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-count).join('\n');
  }

  #signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      // macOS says EPERM of a group in which only zombies are left.
      if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

/**
 * Waits until `ready` says true.
 * @throws PlatformError LOCAL_STACK_FAILED with the process's last lines, when it ends or the time is up
 */
export async function waitUntilReady(
  started: ManagedProcess,
  ready: () => Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const failure = async (what: string) =>
    new PlatformError('LOCAL_STACK_FAILED', `${started.name} ${what}:\n${await started.lastLines(15)}`);
  for (;;) {
    const isReady = await ready().catch(() => false);
    if (!started.running) throw await failure('ended while it started');
    if (isReady) return;
    if (Date.now() > deadline) throw await failure(`is not ready after ${timeoutMs / 1000} s`);
    await delay(100);
  }
}
