import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkout } from './checkout.ts';
import { reaper } from './processes/reaper.ts';

const RunningStack = z.object({
  redisUrl: z.string(),
  amqpUrl: z.string(),
  management: z.object({ url: z.url(), user: z.string(), password: z.string() }),
  /** Absent where nothing watches the stack. */
  monitoring: z
    .object({
      urls: z.object({ prometheus: z.url().optional() }),
      problems: z.array(z.string()).readonly(),
    })
    .optional(),
});

/** What other commands know of a stack that is up: where it is reached, credentials included. */
export type RunningStack = z.infer<typeof RunningStack>;

const fileIn = (run: string) => join(run, 'addresses.json');

/**
 * Lets other commands of this user find a stack that is up.
 * @param run the run's directory
 * @returns what takes the note away again
 */
export function announceStack(run: string, stack: RunningStack): () => void {
  const file = fileIn(run);
  reaper.holdPath(file);
  // Parsing leaves out whatever else a stack has.
  writeFileSync(file, JSON.stringify(RunningStack.parse(stack)), { mode: 0o600 });
  return () => {
    rmSync(file, { force: true });
    reaper.releasePath(file);
  };
}

/**
 * The stack that is up in this checkout; undefined if none is.
 * @param run the run's directory @default that of `smarteats up`
 */
export function findRunningStack(run = join(checkout, '.smarteats', 'run')): RunningStack | undefined {
  try {
    return RunningStack.parse(JSON.parse(readFileSync(fileIn(run), 'utf8')));
  } catch {
    return undefined;
  }
}
