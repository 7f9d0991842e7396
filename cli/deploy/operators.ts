import { type ClusterObject, groupOf } from '../cluster/cluster-object.ts';

const operators: Readonly<Record<string, string>> = {
  'monitoring.coreos.com': 'the Prometheus operator',
  'keda.sh': 'KEDA',
};

/** The operator that brings the kinds of an API group. */
export function operatorOf(group: string): string {
  return operators[group] ?? `the operator of ${group}`;
}

/** One line for each operator that objects were left out for, beginning with e.g. `3 ServiceMonitor, 1 Prometheus`. */
export function missingOperators(leftOut: readonly ClusterObject[]): readonly string[] {
  const groups = new Map<string, Map<string, number>>();
  for (const { apiVersion, kind } of leftOut) {
    const kinds = groups.get(groupOf(apiVersion)) ?? new Map<string, number>();
    groups.set(groupOf(apiVersion), kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  }
  return [...groups].map(([group, kinds]) => {
    const objects = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
    return `${objects}: ${operatorOf(group)} (${group}) is not installed; install it, then deploy again`;
  });
}
