import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Platform } from '../workers/platform/platform.ts';
import { businessMetrics } from './business-metrics.ts';
import { dashboardOf } from './dashboard.ts';
import type { DashboardDeclaration } from './declaration.ts';
import { delivery } from './delivery.ts';
import { systemHealth } from './system-health.ts';
import { workersAndQueues } from './workers-and-queues.ts';

/** Every dashboard; the first is what people see first. */
export function dashboardsOf(platform: Platform): readonly DashboardDeclaration[] {
  return [systemHealth, businessMetrics, delivery, workersAndQueues(platform)];
}

/**
 * Every dashboard as Grafana reads it, by its name.
 * @param runbooks where the runbooks are found, a URL that ends with `/`; empty where that is unknown
 */
export function grafanaDashboards(platform: Platform, runbooks: string): Readonly<Record<string, Dashboard>> {
  return Object.fromEntries(
    dashboardsOf(platform).map((each) => [each.name, dashboardOf(each, runbooks)] as const),
  );
}
