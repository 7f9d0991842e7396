/**
 * The delays that a message can wait at the broker before it is tried again, in milliseconds.
 * Each is one durable queue, shared by all work queues: a message keeps the name of its queue as routing key.
 */
export const retryDelaysMs = [1_000, 5_000, 15_000, 60_000, 300_000] as const;

/** How often and how patiently a queue's messages are tried again. */
export interface RetryPolicy {
  /** Attempts in all, the first one included. */
  readonly maxAttempts: number;
  /** The longest delay between two attempts, in milliseconds. */
  readonly maxDelayMs: number;
}

/** About a quarter of an hour of patience: 1 s, 5 s, 15 s, 1 min, then 5 min twice. */
export const patientRetry: RetryPolicy = { maxAttempts: 7, maxDelayMs: 300_000 };

/** About half an hour at a steady pace, for work that waits for a driver. */
export const steadyRetry: RetryPolicy = { maxAttempts: 400, maxDelayMs: 5_000 };
