/** The state of one queue's consumer. */
export interface QueueHealth {
  readonly queue: string;
  /** Whether messages arrive. */
  readonly subscribed: boolean;
  /** Attempts that run now, those past their time limit included. */
  readonly inFlight: number;
  /** Age of the oldest attempt that runs, in milliseconds; 0 when none does. */
  readonly oldestInFlightMs: number;
  /**
   * Attempts that still run at twice their time limit although they were told to stop: the handler is stuck.
   * The time during which the broker was away or blocked does not count, since a handler may wait for it.
   */
  readonly stuck: number;
}

/** What readiness and liveness of a service are decided by. */
export interface MessagingHealth {
  /** The connection is open and its topology asserted. */
  readonly connected: boolean;
  /** The broker takes no messages for now. */
  readonly blocked: boolean;
  readonly queues: readonly QueueHealth[];
  /** Messages held until the broker confirms them, and callers that wait for a place among them. */
  readonly unconfirmed: number;
  readonly waiting: number;
}
