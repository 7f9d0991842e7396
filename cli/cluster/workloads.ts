import type { V1Deployment, V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import type { Cluster } from './connection.ts';

/** A Deployment or StatefulSet as it stands. */
export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly name: string;
  /** Labels that its pods have. */
  readonly selector: Readonly<Record<string, string>>;
  readonly wanted: number;
  /** Pods that serve, those of an earlier revision included. */
  readonly ready: number;
  /** Everything is as declared, and no pod of an older revision is left. */
  readonly done: boolean;
  /** Why it cannot make pods, in the words of Kubernetes. */
  readonly failure?: string;
  /** The revision that pods are to have; only a StatefulSet's pods are compared with it. */
  readonly revision?: string;
}

/** Every workload of a namespace and all pods there. */
export interface WorkloadsAndPods {
  readonly workloads: readonly Workload[];
  readonly pods: readonly V1Pod[];
}

/** Reads all workloads of a namespace. */
export async function readWorkloads(cluster: Cluster, namespace: string): Promise<WorkloadsAndPods> {
  try {
    const [deployments, statefulSets, pods] = await Promise.all([
      cluster.apps.listNamespacedDeployment({ namespace }),
      cluster.apps.listNamespacedStatefulSet({ namespace }),
      cluster.core.listNamespacedPod({ namespace }),
    ]);
    return {
      workloads: [...statefulSets.items.map(statefulSetState), ...deployments.items.map(deploymentState)],
      pods: pods.items,
    };
  } catch (error) {
    throw cluster.failure(error);
  }
}

/** How far a Deployment is; the rules are those of `kubectl rollout status`. */
export function deploymentState({ metadata, spec, status }: V1Deployment): Workload {
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const failure = status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  return {
    kind: 'Deployment',
    name: metadata?.name ?? '',
    selector: spec?.selector.matchLabels ?? {},
    wanted,
    ready: status?.availableReplicas ?? 0,
    done:
      (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
      updated >= wanted &&
      (status?.replicas ?? 0) === updated &&
      (status?.availableReplicas ?? 0) >= updated,
    ...(failure?.message !== undefined && { failure: failure.message }),
  };
}

/** How far a StatefulSet is; the rules are those of `kubectl rollout status`. */
export function statefulSetState({ metadata, spec, status }: V1StatefulSet): Workload {
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const ready = status?.readyReplicas ?? 0;
  return {
    kind: 'StatefulSet',
    name: metadata?.name ?? '',
    selector: spec?.selector.matchLabels ?? {},
    wanted,
    ready,
    done:
      (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
      updated >= wanted &&
      ready >= wanted &&
      status?.currentRevision === status?.updateRevision,
    ...(status?.updateRevision !== undefined && { revision: status.updateRevision }),
  };
}

/** The pods of a workload. */
export function podsOf({ selector }: Workload, pods: readonly V1Pod[]): readonly V1Pod[] {
  return pods.filter(({ metadata }) =>
    Object.entries(selector).every(([name, value]) => metadata?.labels?.[name] === value),
  );
}
