import { type ObjectId, titleOf } from '../cluster/cluster-object.ts';
import type { Cluster } from '../cluster/connection.ts';
import { claimsOf, verdictOn } from './pruning.ts';

/** What became of objects that are no longer declared, or would become of them. */
export interface Pruned {
  readonly removed: readonly string[];
  /** What stays although it is not declared, with the reason. */
  readonly held: readonly { readonly id: ObjectId; readonly title: string; readonly reason: string }[];
  /** Things that the reader may want to know. */
  readonly notes: readonly string[];
}

/**
 * Removes objects that are no longer declared, the last applied first.
 * @throws PlatformError when the API refuses
 */
export async function pruneObjects(
  cluster: Cluster,
  gone: readonly ObjectId[],
  options: { readonly force: boolean; readonly dryRun: boolean },
): Promise<Pruned> {
  const removed: string[] = [];
  const held: { id: ObjectId; title: string; reason: string }[] = [];
  const notes: string[] = [];
  try {
    for (const id of gone.toReversed()) {
      const live = await cluster.objects.find(id);
      const verdict = verdictOn(live, options.force);
      if (verdict.kind === 'hold') held.push({ id, title: titleOf(id), reason: verdict.reason });
      if (verdict.kind === 'forget' && live !== undefined)
        notes.push(`${titleOf(id)} stays: ${verdict.reason}`);
      if (verdict.kind !== 'remove' || live === undefined) continue;
      if (!options.dryRun) await cluster.objects.remove(id);
      removed.push(titleOf(id));
      const claims = live.kind === 'StatefulSet' ? claimsOf(live) : [];
      if (claims.length > 0)
        notes.push(`the volumes of ${titleOf(id)} stay: kubectl delete pvc ${claims.join(' ')}`);
    }
  } catch (error) {
    throw cluster.failure(error);
  }
  return { removed, held, notes };
}
