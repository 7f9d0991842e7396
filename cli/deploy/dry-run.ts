import { type ClusterObject, idOf } from '../cluster/cluster-object.ts';
import type { Cluster } from '../cluster/connection.ts';
import { type Applied, applyAll } from './apply.ts';
import { previewBrokerOf } from './broker-of-cluster.ts';
import { brokerNamesGone } from './broker-pruning.ts';
import { type Deployment, type DeployOptions, inventoryOf } from './deploy.ts';
import { describeApplied, describePruned } from './deployment-report.ts';
import { brokerNamesOf, noLongerIn } from './inventory.ts';
import { synthesizedObjects } from './manifests.ts';
import { pruneObjects } from './prune.ts';

/**
 * Says what a deployment would do. The API checks every object as if it was applied and stores nothing.
 * What can only be known once pods start is not found out: images, nodes with enough room, missing Secrets.
 * @throws PlatformError as `deploy` does
 */
export async function dryRun(
  cluster: Cluster,
  options: Omit<DeployOptions, 'timeoutMs'>,
): Promise<Deployment> {
  const { platform, profile, force, report } = options;
  const objects = await synthesizedObjects(platform, profile);
  const absent = await absentNamespaces(cluster, objects);
  // The API checks nothing inside of a namespace that it does not have.
  const checkable = objects.filter(({ metadata }) => !absent.includes(metadata.namespace ?? ''));
  const unchecked: Applied[] = objects
    .filter((object) => !checkable.includes(object))
    .map((object) => ({ object, outcome: 'created' }));
  const applied = [...(await applyAll(cluster, checkable, { dryRun: true, force })), ...unchecked];
  for (const line of describeApplied(applied, true)) report.line(line);
  for (const name of absent) {
    const count = unchecked.filter(({ object }) => object.metadata.namespace === name).length;
    report.line(
      `  Namespace ${name} does not exist yet, so the API could not check the ${count} objects in it.`,
    );
  }
  const before = await inventoryOf(cluster, profile.namespace);
  const gone = noLongerIn(objects.map(idOf), before.objects);
  const pruned = await pruneObjects(cluster, gone, { force, dryRun: true });
  const broker = await previewBrokerOf(
    cluster,
    brokerNamesGone(before.broker, brokerNamesOf(platform)),
    options,
  );
  const removed = [...pruned.removed, ...broker.removed];
  const held = [...pruned.held.map(({ title, reason }) => [title, reason] as const), ...broker.held];
  for (const line of describePruned(removed, held, true)) report.line(line);
  const complete = applied.every(({ outcome }) => outcome !== 'refused');
  return { complete, applied, failures: [], removed, held: held.map(([name]) => name) };
}

async function absentNamespaces(
  cluster: Cluster,
  objects: readonly ClusterObject[],
): Promise<readonly string[]> {
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
  const found = await Promise.all(namespaces.map((each) => cluster.objects.find(idOf(each))));
  return namespaces.filter((_, index) => found[index] === undefined).map(({ metadata }) => metadata.name);
}
