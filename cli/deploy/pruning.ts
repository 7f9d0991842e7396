import { platformLabels } from '../../charts/labels.ts';
import type { ClusterObject } from '../cluster/cluster-object.ts';

/** What is to become of an object that was deployed once and is no longer declared. */
export type Verdict =
  | { readonly kind: 'remove' }
  /** Nothing is to be done about it, now or later. */
  | { readonly kind: 'forget'; readonly reason: string }
  /** It holds what cannot be made again. */
  | { readonly kind: 'hold'; readonly reason: string };

const label = 'app.kubernetes.io/managed-by';

/** Whether an object says that it is the platform's. */
export function isOurs(object: ClusterObject): boolean {
  return object.metadata.labels?.[label] === platformLabels[label];
}

/**
 * Decides about one object.
 * @param live as it is in the cluster now
 * @param force also removes what holds data
 */
export function verdictOn(live: ClusterObject | undefined, force: boolean): Verdict {
  if (live === undefined) return { kind: 'forget', reason: 'it is gone' };
  if (!isOurs(live)) return { kind: 'forget', reason: `somebody took it over: it has no label ${label}` };
  if (live.kind === 'Namespace') return { kind: 'hold', reason: 'everything in it would go with it' };
  if (force) return { kind: 'remove' };
  if (live.kind === 'PersistentVolumeClaim') return { kind: 'hold', reason: 'it holds data' };
  if (live.kind === 'StatefulSet' && claimTemplatesOf(live).length > 0) {
    return { kind: 'hold', reason: 'its pods keep data on volumes' };
  }
  return { kind: 'remove' };
}

/** The names of a StatefulSet's claims, e.g. `data-redis-0`: they outlive it. */
export function claimsOf(statefulSet: ClusterObject): readonly string[] {
  const { replicas = 1 } = statefulSet['spec'] as { readonly replicas?: number };
  return claimTemplatesOf(statefulSet).flatMap(({ metadata }) =>
    Array.from({ length: replicas }, (_, pod) => `${metadata.name}-${statefulSet.metadata.name}-${pod}`),
  );
}

function claimTemplatesOf(
  object: ClusterObject,
): readonly { readonly metadata: { readonly name: string } }[] {
  // The API gives a StatefulSet no other shape.
  const spec = object['spec'] as
    | { readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[] }
    | undefined;
  return spec?.volumeClaimTemplates ?? [];
}
