import type { MetricDeclarations } from './declaration.ts';

const exposedBy = ['order-service'];

/** Whether what is due again and again happens. */
export const scheduleMetrics = {
  schedule_last_tick_timestamp_seconds: {
    type: 'gauge',
    help: 'When the task of a schedule entry was last published, or the entry first seen',
    labels: ['entry'],
    exposedBy,
  },
  schedule_longest_gap_seconds: {
    type: 'gauge',
    help: 'The longest time that may pass between two runs of a schedule entry',
    labels: ['entry'],
    exposedBy,
  },
} as const satisfies MetricDeclarations;
