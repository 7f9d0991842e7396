import type { RetryPolicy } from '../platform/retry.ts';

/** Postponed messages wait at most this long, in milliseconds, so that work goes on soon after an outage. */
const longestPostponementMs = 5_000;

/** Where a message waits for its next attempt, and for how long. */
export interface RetryDelay {
  /** The retry step, one of the platform's delays, in milliseconds. */
  readonly stepMs: number;
  /** The message's own time to live in the step, in milliseconds. */
  readonly ttlMs: number;
}

/**
 * The delay before the attempt that follows attempt `attempt`: attempt n waits in the n-th step, and steps longer
 * than the queue's longest delay are not used.
 *
 * The jitter spreads messages that failed together over the second half of the step. A step is one queue for
 * all, and RabbitMQ expires a message only at the head of a quorum queue, so a message can wait behind one with
 * a longer time to live. No time to live in a step is longer than the step, nor shorter than half of it: a message
 * is late by half a step at most.
 *
 * @param steps the platform's delays in milliseconds, rising, at least one
 * @param random a number from 0 up to 1
 */
export function retryDelay(
  attempt: number,
  policy: RetryPolicy,
  steps: readonly number[],
  random: number = Math.random(),
): RetryDelay {
  return jittered(stepFor(attempt - 1, policy.maxDelayMs, steps), random);
}

/**
 * The delay of a message that waits for something the platform needs. It grows with the number of times the
 * message was postponed already, up to a few seconds.
 */
export function postponeDelay(
  postponed: number,
  steps: readonly number[],
  random: number = Math.random(),
): RetryDelay {
  return jittered(stepFor(postponed, longestPostponementMs, steps), random);
}

function stepFor(index: number, longestMs: number, steps: readonly number[]): number {
  const usable = steps.filter((step) => step <= longestMs);
  const shortest = steps[0] ?? longestMs;
  return usable[Math.min(Math.max(index, 0), usable.length - 1)] ?? shortest;
}

function jittered(stepMs: number, random: number): RetryDelay {
  return { stepMs, ttlMs: Math.ceil(stepMs * (0.5 + random / 2)) };
}
