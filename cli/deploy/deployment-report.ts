import { titleOf } from '../cluster/cluster-object.ts';
import type { Applied } from './apply.ts';
import type { Diagnosis } from './diagnosis.ts';
import { missingOperators } from './operators.ts';

const titled = (applied: Applied) =>
  titleOf({ kind: applied.object.kind, name: applied.object.metadata.name });

const row = (label: string, text: string) => `  ${label.padEnd(10)} ${text}`;

/** What was applied, or would be, a line for each kind of change. */
export function describeApplied(results: readonly Applied[], dryRun: boolean): readonly string[] {
  const created = results.filter(({ outcome }) => outcome === 'created');
  const changed = results.filter((each) => each.outcome === 'changed');
  const unchanged = results.filter(({ outcome }) => outcome === 'unchanged');
  const leftOut = results.filter(({ outcome }) => outcome === 'left-out').map(({ object }) => object);
  const nothing = created.length + changed.length === 0;
  return [
    ...byKind(created).map(([kind, names]) =>
      row(dryRun ? 'to create' : 'created', `${kind}: ${names.join(', ')}`),
    ),
    ...changed.map((each) =>
      row(dryRun ? 'to change' : 'changed', `${titled(each)}: ${shortened(each.fields)}`),
    ),
    ...changed.flatMap((each) =>
      each.takenBack.map(({ field, manager }) =>
        row(dryRun ? 'to reset' : 'reset', `${titled(each)} ${field}, which ${manager} had set`),
      ),
    ),
    ...(unchanged.length === 0
      ? []
      : [row('unchanged', nothing ? `all ${unchanged.length} objects` : `${unchanged.length} objects`)]),
    ...missingOperators(leftOut).map((line) => row('left out', line)),
    ...describeRefused(results),
  ];
}

function describeRefused(results: readonly Applied[]): readonly string[] {
  return results
    .filter((each) => each.outcome === 'refused')
    .map((each) => row('refused', `${titled(each)}: ${each.reason}`));
}

/** What did not come up, and why; what several workloads have in common is said once. */
export function describeFailures(failures: readonly Diagnosis[]): readonly string[] {
  return failures.flatMap((failure, index) => {
    const first = failures.findIndex(({ cause }) => cause === failure.cause);
    const state = `${failure.workload} did not come up${failure.serving ? '; its earlier pods still serve' : ''}`;
    if (first !== index) return [`  ${state}, for the same reason as ${failures[first]?.workload}`];
    return [`  ${state}:`, ...failure.lines.map((line) => `    ${line}`)];
  });
}

/** What was removed, or would be, and what stays. */
export function describePruned(
  removed: readonly string[],
  held: readonly (readonly [name: string, reason: string])[],
  dryRun: boolean,
): readonly string[] {
  return [
    ...removed.map((name) => row(dryRun ? 'to remove' : 'removed', `${name}: no longer declared`)),
    ...held.map(([name, reason]) =>
      row('kept', `${name}: no longer declared, but ${reason}; ${removalOf(name)} removes it`),
    ),
  ];
}

/** A namespace is never removed by a deployment: others may be in it. */
function removalOf(name: string): string {
  return name.startsWith('namespace/') ? `kubectl delete ${name}` : '--force';
}

function byKind(results: readonly Applied[]): readonly (readonly [string, readonly string[]])[] {
  const kinds = new Map<string, string[]>();
  for (const { object } of results) {
    kinds.set(object.kind, [...(kinds.get(object.kind) ?? []), object.metadata.name]);
  }
  return [...kinds];
}

function shortened(fields: readonly string[]): string {
  const shown = fields.slice(0, 4).join(', ');
  return fields.length > 4 ? `${shown} and ${fields.length - 4} more` : shown;
}
