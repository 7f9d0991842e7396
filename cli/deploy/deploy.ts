import { namespacesOf } from '../../charts/namespace.ts';
import type { Profile } from '../../charts/profile.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { type ClusterObject, idOf, type ObjectId } from '../cluster/cluster-object.ts';
import type { Cluster } from '../cluster/connection.ts';
import { isOperated } from '../cluster/operated.ts';
import { type Applied, applyAll } from './apply.ts';
import { pruneBrokerOf } from './broker-of-cluster.ts';
import { brokerNamesGone } from './broker-pruning.ts';
import { describeApplied, describeFailures, describePruned } from './deployment-report.ts';
import type { Diagnosis } from './diagnosis.ts';
import {
  brokerNamesOf,
  type Inventory,
  inventoryId,
  inventoryObject,
  noLongerIn,
  readInventory,
  unionOf,
} from './inventory.ts';
import { synthesizedObjects } from './manifests.ts';
import { pruneObjects } from './prune.ts';
import { rolloutKey, waitForRollouts } from './wait-for-rollouts.ts';

export interface DeployOptions {
  readonly platform: Platform;
  readonly profile: Profile;
  /** Also takes over objects of others, and removes what holds data. */
  readonly force: boolean;
  /** How long everything may take to come up, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly report: Reporter;
}

/** Where a deployment says what it does. */
export interface Reporter {
  line(text: string): void;
  /** Takes the place of the last such text, where it can. */
  progress(text: string): void;
}

/** What a deployment has done. */
export interface Deployment {
  /** Everything is as declared, and up. */
  readonly complete: boolean;
  readonly applied: readonly Applied[];
  /** What did not come up. */
  readonly failures: readonly Diagnosis[];
  /** Names of what was removed, because it is no longer declared. */
  readonly removed: readonly string[];
  /** Names of what stays although it is no longer declared. */
  readonly held: readonly string[];
}

/**
 * Makes a cluster as the declarations say: applies every object, waits until everything is up, and then removes what
 * an earlier deployment has applied and this one does not. Nothing is removed unless everything came up.
 * @throws PlatformError when the manifests are not right, or the cluster cannot be reached or does not permit it
 */
export async function deploy(cluster: Cluster, options: DeployOptions): Promise<Deployment> {
  const { platform, profile, report, force } = options;
  const { namespace } = profile;
  const objects = await synthesizedObjects(platform, profile);
  const before = await inventoryOf(cluster, namespace);
  const now: Inventory = { objects: objects.map(idOf), broker: brokerNamesOf(platform) };
  const applied = await applyRecorded(cluster, objects, unionOf(before, now), options);
  for (const line of describeApplied(applied, false)) report.line(line);
  const unfinished = { complete: false, applied, failures: [], removed: [], held: [] };
  if (applied.some(({ outcome }) => outcome === 'refused')) return unfinished;

  const failures = await waitForRollouts(cluster, namespacesOf(profile), {
    expected: workloadsOf(objects),
    operated: presentOf(applied).filter(isOperated),
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    onProgress: (text) => report.progress(`  ${text}`),
    onNote: (text) => report.line(`  ${text}`),
  });
  for (const line of describeFailures(failures)) report.line(line);
  if (failures.length > 0) return { ...unfinished, failures };

  const pruned = await pruneObjects(cluster, noLongerIn(now.objects, before.objects), {
    force,
    dryRun: false,
  });
  const broker = await pruneBrokerOf(cluster, brokerNamesGone(before.broker, now.broker), options);
  const held = [...pruned.held.map(({ title, reason }) => [title, reason] as const), ...broker.held];
  const removed = [...pruned.removed, ...broker.removed];
  for (const line of describePruned(removed, held, false)) report.line(line);
  for (const note of [...pruned.notes, ...broker.notes]) report.line(`  ${note}`);
  await record(
    cluster,
    namespace,
    unionOf(now, { objects: pruned.held.map(({ id }) => id), broker: broker.left }),
  );
  return { complete: true, applied, failures: [], removed, held: held.map(([name]) => name) };
}

/** What earlier deployments have put into a namespace. */
export async function inventoryOf(cluster: Cluster, namespace: string): Promise<Inventory> {
  const object = await cluster.objects.find(inventoryId(namespace)).catch((error: unknown) => {
    throw cluster.failure(error);
  });
  return readInventory(object);
}

/** Applies everything. What may come into the cluster is recorded there first, so that nothing is ever unrecorded. */
async function applyRecorded(
  cluster: Cluster,
  objects: readonly ClusterObject[],
  inventory: Inventory,
  { profile, force, report }: DeployOptions,
): Promise<readonly Applied[]> {
  const isNamespace = ({ kind }: ClusterObject) => kind === 'Namespace';
  const options = { dryRun: false, force };
  const first = await applyAll(cluster, objects.filter(isNamespace), options);
  if (first.some(({ outcome }) => outcome === 'refused')) return first;
  await record(cluster, profile.namespace, inventory);
  const rest = objects.filter((object) => !isNamespace(object));
  const onProgress = (done: number) => report.progress(`  applying: ${done} of ${rest.length} objects`);
  return [...first, ...(await applyAll(cluster, rest, { ...options, onProgress }))];
}

async function record(cluster: Cluster, namespace: string, inventory: Inventory): Promise<void> {
  const object = inventoryObject(namespace, inventory);
  await cluster.objects.apply(object, { dryRun: false, takeOver: true }).catch((error: unknown) => {
    throw cluster.failure(error);
  });
}

/** What is on the cluster now: all but what it does not know the kinds of. */
function presentOf(applied: readonly Applied[]): readonly ObjectId[] {
  return applied.flatMap(({ object, outcome }) => (outcome === 'left-out' ? [] : [idOf(object)]));
}

/** The objects that make pods which are to come up. */
function workloadsOf(objects: readonly ClusterObject[]): ReadonlySet<string> {
  const workloads = objects.filter(({ kind }) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind));
  return new Set(workloads.map((object) => rolloutKey(idOf(object))));
}
