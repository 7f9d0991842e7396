import type { V1DaemonSet, V1Deployment, V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import type { Cluster } from './connection.ts';

/** A Deployment, StatefulSet or DaemonSet, or what an operator makes one of, as it stands. */
export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Prometheus' | 'Alertmanager';
  readonly namespace: string;
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

/** Every workload of some namespaces and all pods there. */
export interface WorkloadsAndPods {
  readonly workloads: readonly Workload[];
  readonly pods: readonly V1Pod[];
}

/** Reads all workloads of some namespaces, those of the first one first. */
export async function readWorkloads(
  cluster: Cluster,
  namespaces: readonly string[],
): Promise<WorkloadsAndPods> {
  try {
    const found = await Promise.all(namespaces.map((namespace) => readNamespace(cluster, namespace)));
    return {
      workloads: found.flatMap(({ workloads }) => workloads),
      pods: found.flatMap(({ pods }) => pods),
    };
  } catch (error) {
    throw cluster.failure(error);
  }
}

async function readNamespace({ apps, core }: Cluster, namespace: string): Promise<WorkloadsAndPods> {
  const [deployments, statefulSets, daemonSets, pods] = await Promise.all([
    apps.listNamespacedDeployment({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
    apps.listNamespacedDaemonSet({ namespace }),
    core.listNamespacedPod({ namespace }),
  ]);
  return {
    workloads: [
      ...statefulSets.items.map(statefulSetState),
      ...deployments.items.map(deploymentState),
      ...daemonSets.items.map(daemonSetState),
    ],
    pods: pods.items,
  };
}

/** How far a Deployment is; the rules are those of `kubectl rollout status`. */
export function deploymentState(deployment: V1Deployment): Workload {
  const { spec, status } = deployment;
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const failure = status?.conditions?.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  return {
    kind: 'Deployment',
    ...identityOf(deployment),
    wanted,
    ready: status?.availableReplicas ?? 0,
    done:
      isObserved(deployment) &&
      updated >= wanted &&
      (status?.replicas ?? 0) === updated &&
      (status?.availableReplicas ?? 0) >= updated,
    ...(failure?.message !== undefined && { failure: failure.message }),
  };
}

/** How far a StatefulSet is; the rules are those of `kubectl rollout status`. */
export function statefulSetState(statefulSet: V1StatefulSet): Workload {
  const { spec, status } = statefulSet;
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const ready = status?.readyReplicas ?? 0;
  return {
    kind: 'StatefulSet',
    ...identityOf(statefulSet),
    wanted,
    ready,
    done:
      isObserved(statefulSet) &&
      updated >= wanted &&
      ready >= wanted &&
      status?.currentRevision === status?.updateRevision,
    ...(status?.updateRevision !== undefined && { revision: status.updateRevision }),
  };
}

/** How far a DaemonSet is; the rules are those of `kubectl rollout status`. It wants a pod for each node that it is for. */
export function daemonSetState(daemonSet: V1DaemonSet): Workload {
  const { status } = daemonSet;
  const wanted = status?.desiredNumberScheduled ?? 0;
  const ready = status?.numberAvailable ?? 0;
  return {
    kind: 'DaemonSet',
    ...identityOf(daemonSet),
    wanted,
    ready,
    done: isObserved(daemonSet) && (status?.updatedNumberScheduled ?? 0) >= wanted && ready >= wanted,
  };
}

/** What all kinds of workloads have in the same places. */
type AnyWorkload = V1Deployment | V1StatefulSet | V1DaemonSet;

function identityOf({ metadata, spec }: AnyWorkload) {
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    selector: spec?.selector.matchLabels ?? {},
  };
}

/** Whether the status speaks of the workload as it was declared last. */
function isObserved({ metadata, status }: AnyWorkload): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
}

/** The pods of a workload; none as long as it does not say what labels they have. */
export function podsOf({ namespace, selector }: Workload, pods: readonly V1Pod[]): readonly V1Pod[] {
  const labels = Object.entries(selector);
  return pods.filter(
    ({ metadata }) =>
      labels.length > 0 &&
      metadata?.namespace === namespace &&
      labels.every(([name, value]) => metadata.labels?.[name] === value),
  );
}
