import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PlatformError } from '../workers/platform/errors.ts';
import { checkout } from './checkout.ts';
import { reaper } from './processes/reaper.ts';

/** The program of all services as JavaScript, which starts quickly. */
export interface ServiceBundle {
  /** Run as `node <file> <role>`. */
  readonly file: string;
  remove(): void;
}

/**
 * Compiles the programs of `workers/entry-points.json` and all they import of ours. Every service is a process of its own, and
 * compiled once they start in half the time and memory that each needs to compile for itself.
 * The file lies beside the workers' node modules, so that it finds the libraries they would find.
 * @throws PlatformError LOCAL_STACK_FAILED when they do not compile
 */
export async function bundleServices(): Promise<ServiceBundle> {
  const cache = join(checkout, 'workers', 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'smarteats-services-'));
  reaper.holdPath(directory);
  const remove = () => {
    rmSync(directory, { recursive: true, force: true });
    reaper.releasePath(directory);
  };
  try {
    await compile(directory);
  } catch (cause) {
    remove();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlatformError('LOCAL_STACK_FAILED', `the services cannot be compiled: ${reason}`, { cause });
  }
  return { file: join(directory, 'main.mjs'), remove };
}

async function compile(outdir: string): Promise<void> {
  const workers = join(checkout, 'workers');
  // Written by us, a path for each name; the programs that threads run must be files of their own.
  const programs = JSON.parse(readFileSync(join(workers, 'entry-points.json'), 'utf8')) as Record<
    string,
    string
  >;
  await build({
    entryPoints: Object.fromEntries(
      Object.entries(programs).map(([name, path]) => [name, join(workers, path)]),
    ),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What only one role imports goes into a file of its own, so that the others do not load its libraries.
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'silent',
  });
}
