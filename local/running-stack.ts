import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkout } from './checkout.ts';

const Addresses = z.object({ redisUrl: z.string(), amqpUrl: z.string() });

/** Where the servers of a stack are, credentials included. */
export type ServerAddresses = z.infer<typeof Addresses>;

const fileIn = (run: string) => join(run, 'addresses.json');

/**
 * Lets other commands of this user find the servers of a stack that is up.
 * @param run the run's directory
 * @returns what takes the note away again
 */
export function announceServers(run: string, { redisUrl, amqpUrl }: ServerAddresses): () => void {
  writeFileSync(fileIn(run), JSON.stringify({ redisUrl, amqpUrl }), { mode: 0o600 });
  return () => rmSync(fileIn(run), { force: true });
}

/**
 * The servers of the stack that is up in this checkout; undefined if none is.
 * @param run the run's directory @default that of `smarteats up`
 */
export function findServers(run = join(checkout, '.smarteats', 'run')): ServerAddresses | undefined {
  try {
    return Addresses.parse(JSON.parse(readFileSync(fileIn(run), 'utf8')));
  } catch {
    return undefined;
  }
}
