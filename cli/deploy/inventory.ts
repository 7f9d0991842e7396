import { z } from 'zod';
import { platformLabels } from '../../charts/labels.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { topologyOf } from '../../workers/platform/topology.ts';
import { type ClusterObject, keyOf, type ObjectId } from '../cluster/cluster-object.ts';

const Names = z.array(z.string());
const BrokerNames = z.object({ queues: Names, exchanges: Names, policies: Names });
const Objects = z.array(
  z.object({
    apiVersion: z.string(),
    kind: z.string(),
    name: z.string(),
    namespace: z.string().exactOptional(),
  }),
);

/** What a broker holds for a platform, by name. */
export type BrokerNames = z.output<typeof BrokerNames>;

/** What a deployment has put on a cluster, so that a later one can tell what is no longer wanted. */
export interface Inventory {
  readonly objects: readonly ObjectId[];
  readonly broker: BrokerNames;
}

export const emptyInventory: Inventory = { objects: [], broker: { queues: [], exchanges: [], policies: [] } };

/** The ConfigMap that an inventory is kept in. */
export function inventoryId(namespace: string): ObjectId {
  return { apiVersion: 'v1', kind: 'ConfigMap', name: 'smarteats-inventory', namespace };
}

/** An inventory as its ConfigMap. */
export function inventoryObject(namespace: string, { objects, broker }: Inventory): ClusterObject {
  const { apiVersion, kind, name } = inventoryId(namespace);
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, labels: platformLabels },
    data: {
      'objects.json': JSON.stringify(objects, null, 1),
      'broker.json': JSON.stringify(broker, null, 1),
    },
  };
}

/**
 * Reads the ConfigMap of an inventory; without one nothing was deployed before.
 * @throws PlatformError RECORD_CORRUPT if somebody has damaged it
 */
export function readInventory(object: ClusterObject | undefined): Inventory {
  if (object === undefined) return emptyInventory;
  try {
    const data = z.record(z.string(), z.string()).parse(object['data']);
    return {
      objects: Objects.parse(JSON.parse(data['objects.json'] ?? '')),
      broker: BrokerNames.parse(JSON.parse(data['broker.json'] ?? '')),
    };
  } catch (cause) {
    const { namespace, name } = object.metadata;
    const message = `configmap/${name} in ${namespace} is damaged; without it nothing that is no longer declared is removed`;
    throw new PlatformError('RECORD_CORRUPT', message, { cause });
  }
}

/** Everything that either of two inventories names. */
export function unionOf(one: Inventory, other: Inventory): Inventory {
  const union = (names: keyof BrokerNames) => [...new Set([...one.broker[names], ...other.broker[names]])];
  return {
    objects: [...one.objects, ...noLongerIn(one.objects, other.objects)],
    broker: { queues: union('queues'), exchanges: union('exchanges'), policies: union('policies') },
  };
}

/** The objects of `before` that `now` does not name. */
export function noLongerIn(now: readonly ObjectId[], before: readonly ObjectId[]): readonly ObjectId[] {
  const wanted = new Set(now.map(keyOf));
  return before.filter((id) => !wanted.has(keyOf(id)));
}

/** What the broker holds for a platform. */
export function brokerNamesOf(platform: Platform): BrokerNames {
  const { queues, exchanges, policies } = topologyOf(platform);
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
  return { queues: names(queues), exchanges: names(exchanges), policies: names(policies) };
}
