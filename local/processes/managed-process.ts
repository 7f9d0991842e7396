import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '../../workers/platform/errors.ts';

export interface ManagedProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Everything the process writes is appended to this file. */
  readonly logFile: string;
}

/**
 * A process in a process group of its own, so that a terminal's Ctrl-C does not reach it and
 * stopping it stops all that it started.
 */
export class ManagedProcess {
  readonly name: string;
  readonly logFile: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;

  private constructor(options: ManagedProcessOptions, child: ChildProcess) {
    this.name = options.name;
    this.logFile = options.logFile;
    this.#child = child;
    this.#exited = once(child, 'exit').then(() => undefined);
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
      const managed = new ManagedProcess(options, child);
      await once(child, 'spawn').catch((cause: unknown) => {
        throw new PlatformError('TOOL_MISSING', `${options.command} cannot be run`, { cause });
      });
      return managed;
    } finally {
      closeSync(log);
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when the process has ended. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** Sends a signal to the whole process group; a group that is gone already is fine. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Asks the process to end and kills its group if it has not ended after `graceMs`. */
  async stop(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    if (this.running) {
      this.signal(signal);
      await Promise.race([this.#exited, delay(graceMs, undefined, { ref: false })]);
    }
    this.signal('SIGKILL');
    await this.#exited;
  }

  /** The last lines the process wrote, for an error message. */
  async lastLines(count: number): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-count).join('\n');
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
  while (!(await ready().catch(() => false))) {
    if (!started.running || Date.now() > deadline) {
      const reason = started.running ? `is not ready after ${timeoutMs / 1000} s` : 'ended while it started';
      throw new PlatformError(
        'LOCAL_STACK_FAILED',
        `${started.name} ${reason}:\n${await started.lastLines(15)}`,
      );
    }
    await delay(50);
  }
}
