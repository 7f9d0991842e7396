/** The limits beyond which somebody is told; dashboards draw the same lines. */
export const thresholds = {
  /** Part of the requests of a service that may fail with a 5xx. */
  errorRatio: 0.05,
  /** 95th percentile of the time a service may take to answer, in seconds. */
  slowApiSeconds: 2,
  /** Messages that may wait in a queue. */
  backlogMessages: 100,
  /** Part of a disk or volume that must be free. */
  freeDiskRatio: 0.1,
  /** Part of its memory limit that Redis may use. */
  redisMemoryRatio: 0.85,
  /** Part of the attempts at a charge that may fail at the provider. */
  paymentFailureRatio: 0.05,
  /** Part of the tasks that may fail. */
  taskFailureRatio: 0.1,
  /** 99th percentile of the delay of a process's event loop, in seconds. */
  eventLoopLagSeconds: 0.5,
  /** Seconds that a run of the schedule may be late. */
  lateTickSeconds: 300,
  /** Part of the orders that customers can place, over 30 days. */
  orderSlo: 0.999,
} as const;
