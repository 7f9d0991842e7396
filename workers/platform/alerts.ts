import { apiAlerts } from './alerts/api.ts';
import type { AlertDeclaration } from './alerts/declaration.ts';
import { queueAlerts } from './alerts/queues.ts';
import { serverAlerts } from './alerts/servers.ts';
import type { Platform } from './platform.ts';

export type { AlertDeclaration } from './alerts/declaration.ts';

/** The alerts that follow from the declarations, by name. */
export function alertsOf(platform: Platform): Readonly<Record<string, AlertDeclaration>> {
  return { ...apiAlerts, ...queueAlerts(platform), ...serverAlerts(platform) };
}

/** Where the page about an alert lies in this repository. */
export function runbookOf(alert: string): string {
  return `docs/runbooks/${alert}.md`;
}

/** A rule as Prometheus and its operator read it. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The alerts as rules of Prometheus.
 * @param options.runbooks where the runbooks are found, a URL that ends with `/`; their path in this repository is added
 * @param options.hurry multiplies how long an alert must hold before it is told @default 1
 */
export function alertingRules(
  platform: Platform,
  options: { readonly runbooks: string; readonly hurry?: number },
): readonly AlertingRule[] {
  const { runbooks, hurry = 1 } = options;
  return Object.entries(alertsOf(platform)).map(([alert, declared]) => ({
    alert,
    expr: declared.expression,
    for: `${Math.round(declared.forSeconds * hurry)}s`,
    labels: { severity: declared.severity, receivers: [...declared.receivers].sort().join('-') },
    annotations: {
      summary: declared.summary,
      description: declared.description,
      runbook_url: `${runbooks}${runbookOf(alert)}`,
    },
  }));
}
