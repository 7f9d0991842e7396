import type { LocalStack } from '../../local/local-stack.ts';
import { findRunningStack, type RunningStack } from '../../local/running-stack.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import { type Platform, smartEats } from '../../workers/platform/platform.ts';
import { machineScrapeJobsOf } from '../../workers/platform/scrape-jobs.ts';
import type { VerifiedPlatform } from './verify.ts';

/** A stack as `verify` looks at it. */
export function verifiedStack(
  { monitoring, management }: LocalStack | RunningStack,
  platform: Platform = smartEats,
): VerifiedPlatform {
  const absent = monitoring?.problems.join('; ') || 'nothing watches this stack';
  return {
    platform,
    prometheus: monitoring?.urls.prometheus ?? { absent },
    jobs: machineScrapeJobsOf(platform),
    broker: management,
  };
}

/**
 * The stack that runs in this checkout.
 * @param run the run's directory @default that of `smarteats up`
 * @throws PlatformError LOCAL_STACK_NOT_RUNNING
 */
export function findStack(run?: string): VerifiedPlatform {
  const stack = findRunningStack(run);
  if (stack === undefined) throw new PlatformError('LOCAL_STACK_NOT_RUNNING');
  return verifiedStack(stack);
}
