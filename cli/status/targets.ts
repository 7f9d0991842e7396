import { z } from 'zod';
import { PlatformError } from '../../workers/platform/errors.ts';

const Targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        scrapePool: z.string(),
        scrapeUrl: z.string(),
        health: z.string(),
        lastError: z.string().default(''),
      }),
    ),
  }),
});

/** The targets of one scrape job. */
export interface TargetRow {
  /** E.g. `order-service`. */
  readonly job: string;
  readonly up: number;
  readonly total: number;
  /** What is not right, as a sentence without the name. */
  readonly problem?: string;
}

/**
 * Asks Prometheus what it scrapes.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE if it does not answer
 */
export async function readTargets(prometheusUrl: string): Promise<readonly TargetRow[]> {
  try {
    const response = await fetch(`${prometheusUrl}/api/v1/targets?state=active`, {
      signal: AbortSignal.timeout(15_000),
    });
    return targetRows(await response.json());
  } catch (cause) {
    throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', 'Prometheus does not answer', { cause });
  }
}

/** The targets that an answer of Prometheus lists, by job; a target that was not scraped yet counts as up. */
export function targetRows(answer: unknown): readonly TargetRow[] {
  const { activeTargets } = Targets.parse(answer).data;
  const jobs = [...new Set(activeTargets.map(({ scrapePool }) => scrapePool))].toSorted();
  return jobs.map((job) => {
    const targets = activeTargets.filter(({ scrapePool }) => scrapePool === job);
    const down = targets.filter(({ health }) => health === 'down');
    const [first] = down;
    return {
      job: shortName(job),
      up: targets.length - down.length,
      total: targets.length,
      ...(first !== undefined && { problem: `${first.scrapeUrl}: ${first.lastError}` }),
    };
  });
}

/** The operator calls a job `serviceMonitor/<namespace>/<name>/<endpoint>`. */
function shortName(job: string): string {
  return /^(?:service|pod)Monitor\/[^/]+\/([^/]+)/.exec(job)?.[1] ?? job;
}
