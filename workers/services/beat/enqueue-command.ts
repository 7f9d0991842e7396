import { parseArgs } from 'node:util';
import { PlatformError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { runEnqueue } from './run-enqueue.ts';

const brokerProblems: readonly string[] = ['BROKER_UNAVAILABLE', 'PUBLISH_REFUSED', 'PUBLISH_UNROUTABLE'];

/**
 * `enqueue <entry> [--at <time>]`, where a time is ISO 8601 with `Z` or an offset.
 *
 * @param options.patienceMs how long to wait for the broker's confirmation @default 60 000
 * @returns 0 once the task is published; 1 if it is worth another try later, 2 for a call that can never succeed
 * @throws PlatformError CONFIG_INVALID, SCHEDULE_ENTRY_UNKNOWN
 */
export async function enqueueCommand(
  platform: Platform,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly patienceMs?: number } = {},
): Promise<number> {
  const call = readCall(args);
  if (typeof call === 'string') {
    console.error(`${call}\nUsage: main.ts enqueue <entry> [--at <ISO 8601 time>]`);
    return 2;
  }
  try {
    await runEnqueue(platform, env, { ...call, ...options });
    return 0;
  } catch (error) {
    if (!(error instanceof PlatformError && brokerProblems.includes(error.code))) throw error;
    console.error(`${error.code}: ${call.entry} was not published: ${error.message}`);
    return 1;
  }
}

/** What the arguments ask for, or what is wrong with them. */
function readCall(args: readonly string[]): { readonly entry: string; readonly at?: Date } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { at: { type: 'string' } },
      allowPositionals: true,
    });
    const [entry, ...rest] = positionals;
    if (entry === undefined || rest.length > 0) return 'enqueue takes one entry of the schedule';
    if (values.at === undefined) return { entry };
    const at = new Date(values.at);
    const complete = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)$/.test(values.at);
    if (!complete || Number.isNaN(at.getTime())) return `--at ${values.at} is no time with a time zone`;
    return { entry, at };
  } catch (error) {
    // parseArgs throws for an option that it does not know.
    return error instanceof Error ? error.message : String(error);
  }
}
