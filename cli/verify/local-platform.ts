import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { checkout } from '../../local/checkout.ts';
import type { LocalStack } from '../../local/local-stack.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import { type Platform, smartEats } from '../../workers/platform/platform.ts';
import { machineScrapeJobsOf } from '../../workers/platform/scrape-jobs.ts';
import type { VerifiedPlatform } from './verify.ts';

const Addresses = z.object({
  prometheus: z.union([z.url(), z.object({ absent: z.string() })]),
  broker: z.object({ url: z.url(), user: z.string(), password: z.string() }),
});

/** Where a stack says how it is reached, for commands beside it. */
const fileOf = (directory: string) => join(directory, 'addresses.json');

/** A stack as `verify` looks at it. */
export function verifiedStack(stack: LocalStack, platform: Platform = smartEats): VerifiedPlatform {
  const { monitoring, management } = stack;
  const absent = monitoring?.problems.join('; ') || 'nothing watches this stack';
  return {
    platform,
    prometheus: monitoring?.urls.prometheus ?? { absent },
    jobs: machineScrapeJobsOf(platform),
    broker: management,
  };
}

/** Lets commands beside a stack find it. The file has a password and is readable by its owner alone. */
export function announceStack(stack: LocalStack): void {
  const { prometheus, broker } = verifiedStack(stack);
  const file = fileOf(stack.directory);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ prometheus, broker }), { mode: 0o600 });
}

/**
 * The stack that runs in this checkout.
 * @throws PlatformError LOCAL_STACK_NOT_RUNNING
 */
export function findStack(directory = join(checkout, '.smarteats', 'run')): VerifiedPlatform {
  try {
    const { prometheus, broker } = Addresses.parse(JSON.parse(readFileSync(fileOf(directory), 'utf8')));
    return { platform: smartEats, prometheus, broker, jobs: machineScrapeJobsOf(smartEats) };
  } catch (cause) {
    throw new PlatformError('LOCAL_STACK_NOT_RUNNING', undefined, { cause });
  }
}
