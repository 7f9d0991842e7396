import type { ClusterObject, ObjectId } from './cluster-object.ts';
import type { Cluster } from './connection.ts';
import type { Workload } from './workloads.ts';

/** The custom resources that an operator makes pods of. */
const operatedKinds = ['Prometheus', 'Alertmanager'] as const;
type OperatedKind = (typeof operatedKinds)[number];

/** How such a resource stands. */
export interface Operated extends Workload {
  readonly kind: OperatedKind;
  /** Whether its operator has looked at it at all. */
  readonly noticed: boolean;
}

/** The state of such a resource, as far as it is read. */
interface OperatedObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly availableReplicas?: number;
    readonly updatedReplicas?: number;
    readonly replicas?: number;
    /** As kubectl takes it, e.g. `a=b,c=d`. */
    readonly selector?: string;
    readonly conditions?: readonly Condition[];
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

/** Whether objects of a kind are what an operator makes pods of. */
export function isOperated({ kind }: Pick<ObjectId, 'kind'>): boolean {
  return operatedKinds.some((each) => each === kind);
}

/** Reads how resources stand that an operator makes pods of; those that are not there are left out. */
export async function readOperated(cluster: Cluster, ids: readonly ObjectId[]): Promise<readonly Operated[]> {
  try {
    const found = await Promise.all(ids.map((id) => cluster.objects.find(id)));
    return found.flatMap((object) => (object === undefined ? [] : [operatedState(object)]));
  } catch (error) {
    throw cluster.failure(error);
  }
}

/**
 * How far an operator is with a resource. Its conditions speak of the generation that they name
 * (prometheus-operator's documentation, "API reference", Condition).
 */
export function operatedState(object: ClusterObject): Operated {
  const { kind, metadata } = object;
  // The kinds that are read have this shape by their definitions.
  const { spec, status } = object as OperatedObject;
  const { conditions = [], selector = '' } = status ?? {};
  const current = (type: string) =>
    conditions.find(
      (each) => each.type === type && (each.observedGeneration ?? 0) >= (metadata.generation ?? 0),
    );
  const wanted = spec?.replicas ?? 1;
  const ready = status?.availableReplicas ?? 0;
  const reconciled = current('Reconciled');
  return {
    // Nothing else is asked for.
    kind: kind as OperatedKind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    selector: labelsOf(selector),
    wanted,
    ready,
    noticed: conditions.length > 0,
    done:
      reconciled?.status === 'True' &&
      current('Available')?.status === 'True' &&
      ready >= wanted &&
      (status?.replicas ?? 0) === (status?.updatedReplicas ?? 0),
    ...(reconciled?.status === 'False' && { failure: reconciled.message ?? 'its operator does not say why' }),
  };
}

function labelsOf(selector: string): Readonly<Record<string, string>> {
  const pairs = selector.split(',').filter((pair) => pair !== '');
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
}
