import type { Manifest } from './manifest.ts';
import type { ManifestSet, PodOwner } from './manifest-set.ts';

/**
 * Workloads that must see what is outside of their pods, with the directories of a node that they may read. That the
 * level `restricted` allows none is why they are in a namespace to themselves, which enforces `privileged`; everything
 * else that `restricted` asks of a pod they keep.
 */
const hostReaders: Readonly<Record<string, readonly string[]>> = {
  // Asks each file system of its node how full it is.
  'DaemonSet/node-exporter': ['/'],
};

/** The directories of a node that a workload may read. */
export function readableDirectories({ kind, metadata }: Manifest): readonly string[] {
  return hostReaders[`${kind}/${metadata.name}`] ?? [];
}

/** The Pod Security level that a namespace enforces. */
export function enforcedLevel({ metadata }: Manifest): string | undefined {
  return metadata.labels?.['pod-security.kubernetes.io/enforce'];
}

/** The pods of a namespace that have no reason to be in one that is not restricted. */
export function ordinaryPodsIn(manifests: ManifestSet, { metadata }: Manifest): readonly PodOwner[] {
  return manifests.pods
    .filter(({ owner }) => owner.metadata.namespace === metadata.name)
    .filter(({ owner }) => readableDirectories(owner).length === 0);
}
