import { ApiException } from '@kubernetes/client-node';
import { type ClusterObject, idOf } from '../cluster/cluster-object.ts';
import type { Cluster } from '../cluster/connection.ts';
import { conflictsOf, type FieldConflict, refusalStatus, refusalText } from '../cluster/failures.ts';
import { inApplyOrder } from './apply-order.ts';
import { changedFields } from './difference.ts';
import { isOurs } from './pruning.ts';

/** What became of one object, or would become of it. */
export type Applied = { readonly object: ClusterObject } & (
  | { readonly outcome: 'created' | 'unchanged' }
  | {
      readonly outcome: 'changed';
      readonly fields: readonly string[];
      /** Fields that somebody else had set to something else. */
      readonly takenBack: readonly FieldConflict[];
    }
  /** The cluster does not know its kind. */
  | { readonly outcome: 'left-out' }
  | { readonly outcome: 'refused'; readonly reason: string }
);

export interface ApplyAllOptions {
  readonly dryRun: boolean;
  /** Takes over objects that are not the platform's. */
  readonly force: boolean;
  readonly onProgress?: (done: number) => void;
}

/** How many objects of one part are under way at once. */
const atOnce = 8;

/**
 * Applies objects part by part. One that is refused does not keep the others back.
 * @throws PlatformError CLUSTER_ACCESS_DENIED or CLUSTER_UNREACHABLE, which would be the same for each of them
 */
export async function applyAll(
  cluster: Cluster,
  objects: readonly ClusterObject[],
  options: ApplyAllOptions,
): Promise<readonly Applied[]> {
  const results: Applied[] = [];
  for (const part of inApplyOrder(objects)) {
    for (let start = 0; start < part.objects.length; start += atOnce) {
      const batch = part.objects.slice(start, start + atOnce);
      results.push(...(await Promise.all(batch.map((object) => applyOne(cluster, object, options)))));
      options.onProgress?.(results.length);
    }
  }
  return results;
}

async function applyOne(cluster: Cluster, object: ClusterObject, options: ApplyAllOptions): Promise<Applied> {
  try {
    if (!(await cluster.objects.knows(object))) return { object, outcome: 'left-out' };
    const before = await cluster.objects.find(idOf(object));
    if (before === undefined) {
      await cluster.objects.apply(object, { dryRun: options.dryRun, takeOver: false });
      return { object, outcome: 'created' };
    }
    // Whoever made the namespace, the platform may live in it.
    if (!options.force && object.kind !== 'Namespace' && !isOurs(before)) {
      return {
        object,
        outcome: 'refused',
        reason: "it is there already and not the platform's; --force takes it over",
      };
    }
    return await update(cluster, object, before, options.dryRun);
  } catch (error) {
    const status = refusalStatus(error);
    if (!(error instanceof ApiException) || status === 401 || status === 403) throw cluster.failure(error);
    return { object, outcome: 'refused', reason: refusalText(error) };
  }
}

/**
 * Sets the declared fields of an object that is there. What others have set otherwise in the meantime, for instance
 * with `kubectl edit`, is taken back and reported: the declarations say what is right. Fields that are not
 * declared stay theirs.
 */
async function update(
  cluster: Cluster,
  object: ClusterObject,
  before: ClusterObject,
  dryRun: boolean,
): Promise<Applied> {
  let takenBack: readonly FieldConflict[] = [];
  const after = await cluster.objects.apply(object, { dryRun, takeOver: false }).catch((error: unknown) => {
    takenBack = conflictsOf(error);
    if (takenBack.length === 0) throw error;
    return cluster.objects.apply(object, { dryRun, takeOver: true });
  });
  const fields = changedFields(before, after);
  if (fields.length === 0) return { object, outcome: 'unchanged' };
  return { object, outcome: 'changed', fields, takenBack };
}
