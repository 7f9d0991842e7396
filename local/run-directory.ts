import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from './checkout.ts';
import { reaper } from './processes/reaper.ts';
import { claim } from './single-instance.ts';

export interface RunDirectoryOptions {
  /** A directory of the run's own that is removed afterwards, instead of the checkout's. */
  readonly isolated: boolean;
  /** The directory to use, which stays afterwards. @default .smarteats/run of the checkout, unless isolated */
  readonly directory?: string;
  /** Goes on with the data that the last run left. @default false */
  readonly keep?: boolean;
}

/** Where one run of the stack keeps its data and logs. */
export interface RunDirectory {
  readonly path: string;
  logFile(name: string): string;
  /** What another run that wants the same directory is told about this one. */
  describe(summary: string): void;
  /** Gives the directory back; to be called once nothing writes into it any more. */
  release(): Promise<void>;
}

/**
 * Makes the directory of a run ready, empty unless its data is to be kept.
 * @throws PlatformError LOCAL_STACK_FAILED when another run uses it
 */
export async function openRunDirectory(options: RunDirectoryOptions): Promise<RunDirectory> {
  if (options.isolated && options.directory === undefined) return temporary();
  const home = options.directory ?? join(checkout, '.smarteats');
  mkdirSync(home, { recursive: true });
  const claimed = await claim(join(home, 'running.sock'));
  const path = join(home, 'run');
  if (options.keep !== true) rmSync(path, { recursive: true, force: true });
  return { ...inside(path), describe: claimed.describe, release: claimed.release };
}

function temporary(): RunDirectory {
  const path = mkdtempSync(join(tmpdir(), 'smarteats-'));
  reaper.holdPath(path);
  return {
    ...inside(path),
    describe: () => undefined,
    release: async () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      reaper.releasePath(path);
    },
  };
}

function inside(path: string): Pick<RunDirectory, 'path' | 'logFile'> {
  const logs = join(path, 'logs');
  mkdirSync(logs, { recursive: true });
  return { path, logFile: (name) => join(logs, `${name}.log`) };
}
