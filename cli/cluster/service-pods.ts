import type { V1Pod, V1Service } from '@kubernetes/client-node';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Cluster } from './connection.ts';
import { refusalStatus } from './failures.ts';

/** A Service of the cluster, and one of its ports by name or number. */
export interface ServicePort {
  readonly namespace: string;
  readonly service: string;
  readonly port: string | number;
}

/** Where a pod of a Service listens. */
export interface PodPort {
  readonly pod: string;
  readonly port: number;
}

/** @returns `undefined` if there is no such Service */
export async function findService(
  cluster: Cluster,
  { namespace, service }: Pick<ServicePort, 'namespace' | 'service'>,
): Promise<V1Service | undefined> {
  try {
    return await cluster.core.readNamespacedService({ namespace, name: service });
  } catch (error) {
    if (refusalStatus(error) === 404) return undefined;
    throw cluster.failure(error);
  }
}

/**
 * Finds a pod that would get the Service's traffic now.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE if there is no such Service, port or ready pod
 */
export async function findReadyPod(cluster: Cluster, target: ServicePort): Promise<PodPort> {
  const { namespace, service, port } = target;
  const found = await findService(cluster, target);
  if (found === undefined) {
    throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', `there is no Service ${service} in ${namespace}`);
  }
  const labelSelector = Object.entries(found.spec?.selector ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  const { items } = await cluster.core
    .listNamespacedPod({ namespace, labelSelector })
    .catch((error: unknown) => {
      throw cluster.failure(error);
    });
  const ready = items.find(isReady);
  if (ready === undefined) {
    throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', `no pod of ${service} is ready`);
  }
  const number = podPortOf(found, ready, port);
  if (number === undefined) {
    throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', `Service ${service} has no port ${port}`);
  }
  return { pod: ready.metadata?.name ?? '', port: number };
}

/** Whether a pod serves, and is not about to end. */
export function isReady({ metadata, status }: V1Pod): boolean {
  return (
    metadata?.deletionTimestamp === undefined &&
    (status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True')
  );
}

/** The number that a Service's port has in the pod. */
export function podPortOf(service: V1Service, pod: V1Pod, wanted: string | number): number | undefined {
  const port = service.spec?.ports?.find((each) => each.name === wanted || each.port === wanted);
  const target = port?.targetPort ?? port?.port;
  if (typeof target !== 'string') return target;
  const ports = (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.find(({ name }) => name === target)?.containerPort;
}
