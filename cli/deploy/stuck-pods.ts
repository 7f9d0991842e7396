import type { V1Pod } from '@kubernetes/client-node';
import { troubleOf } from '../cluster/pod-trouble.ts';
import type { Workload } from '../cluster/workloads.ts';

const revisionLabel = 'controller-revision-hash';

/**
 * Pods of a StatefulSet that keep it from ever reaching its newest revision: of an earlier one, and unable to
 * start. Kubernetes waits for such a pod to become ready before it replaces it, also when the new revision is
 * what would repair it (Kubernetes documentation, "StatefulSets", forced rollback).
 */
export function stuckPods(workload: Workload, pods: readonly V1Pod[]): readonly string[] {
  const { revision } = workload;
  if (workload.kind !== 'StatefulSet' || revision === undefined) return [];
  return pods
    .filter((pod) => pod.metadata?.labels?.[revisionLabel] !== revision && troubleOf(pod)?.lasting === true)
    .flatMap(({ metadata }) => metadata?.name ?? []);
}
