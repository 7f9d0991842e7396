import { performance } from 'node:perf_hooks';
import type { Logger } from '../../telemetry/log.ts';

/** Why a process was asked to stop. */
export type StopReason = 'SIGTERM' | 'SIGINT' | 'disconnect';

/**
 * Resolves when the process is asked to stop: by SIGTERM, by SIGINT, or by the end of the channel to the process
 * that started it, where there is one. Further signals change nothing: a terminal and a supervisor may both send one.
 */
export function stopRequested(): Promise<StopReason> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
    if (process.channel != null) process.once('disconnect', () => resolve('disconnect'));
  });
}

/** One step of a shutdown. */
export interface ShutdownStep {
  readonly name: string;
  /** The part of the time left that this step may take. @default all of it */
  readonly share?: number;
  /** @param limitMs time for this step, in milliseconds */
  run(limitMs: number): Promise<unknown>;
}

/**
 * Runs the steps one after the other. A step that fails or takes too long is logged, and the next one runs
 * all the same.
 *
 * @param graceMs time for all steps, in milliseconds
 * @returns whether every step ended well and in time
 */
export async function shutDown(
  steps: readonly ShutdownStep[],
  graceMs: number,
  log: Pick<Logger, 'error'>,
): Promise<boolean> {
  const deadline = performance.now() + graceMs;
  let clean = true;
  for (const { name, run, share = 1 } of steps) {
    const limitMs = Math.max(0, deadline - performance.now()) * share;
    try {
      await within(limitMs, run(limitMs));
    } catch (error) {
      clean = false;
      log.error({ err: error, step: name }, 'a step of the shutdown failed');
    }
  }
  return clean;
}

/** Waits for a promise, but fails once the time is over. */
async function within(limitMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished within ${Math.round(limitMs)} ms`)), limitMs);
  });
  try {
    await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
