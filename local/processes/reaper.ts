import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/**
 * Makes sure that nothing outlives this process, even if it is killed: a small process of its own is told of
 * every process group, file and directory, and clears up when the pipe to it ends. It runs only while there is
 * something to clear up.
 */
class Reaper {
  readonly #held = new Set<string>();
  #input: Writable | undefined;

  /** From now on the process group ends with this process. */
  holdGroup(id: number): void {
    this.#hold(`group ${id}`);
  }

  releaseGroup(id: number): void {
    this.#release(`group ${id}`);
  }

  /** From now on the file or directory is removed when this process ends without having released it. */
  holdPath(path: string): void {
    this.#hold(`path ${path}`);
  }

  releasePath(path: string): void {
    this.#release(`path ${path}`);
  }

  #hold(what: string): void {
    this.#held.add(what);
    this.#input ??= startReaper();
    this.#input.write(`+${what}\n`);
  }

  #release(what: string): void {
    if (!this.#held.delete(what)) return;
    this.#input?.write(`-${what}\n`);
    if (this.#held.size > 0) return;
    this.#input?.end();
    this.#input = undefined;
  }
}

/** Starts the process in a group of its own, where neither Ctrl-C nor the end of this process reaches it. */
function startReaper(): Writable {
  const script = fileURLToPath(new URL('./reaper-process.mjs', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] },
    cwd: '/',
  });
  child.on('error', ignore).unref();
  const input = child.stdin;
  if (input === null) throw new TypeError('a child process started with a pipe has a standard input');
  input.on('error', ignore);
  // A socket underneath, which would keep this process alive.
  (input as Writable & { unref?: () => void }).unref?.();
  return input;
}

/** The reaper is a second line of defence: that it is gone is no reason to stop the platform. */
function ignore(): void {}

export const reaper = new Reaper();
