import { businessMetrics } from './metrics/business.ts';
import type { MetricDeclarations } from './metrics/declaration.ts';
import { deliveryMetrics } from './metrics/delivery.ts';
import { httpMetrics } from './metrics/http.ts';
import { messageMetrics } from './metrics/messages.ts';
import { scheduleMetrics } from './metrics/schedule.ts';
import { stateMetrics } from './metrics/state.ts';
import { taskMetrics } from './metrics/tasks.ts';

export type { MetricDeclaration } from './metrics/declaration.ts';

/** Every metric of the platform's own, by name. */
export const metrics = {
  ...httpMetrics,
  ...businessMetrics,
  ...deliveryMetrics,
  ...messageMetrics,
  ...stateMetrics,
  ...scheduleMetrics,
  ...taskMetrics,
} as const satisfies MetricDeclarations;

export type MetricName = keyof typeof metrics;

/** The label values a metric needs. */
export type MetricLabels<Name extends MetricName> = Record<(typeof metrics)[Name]['labels'][number], string>;
