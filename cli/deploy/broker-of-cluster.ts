import type { Profile } from '../../charts/profile.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { retryStepName } from '../../workers/platform/topology.ts';
import { withBroker } from '../cluster/cluster-broker.ts';
import type { Cluster } from '../cluster/connection.ts';
import { countedVerdicts, pruneBroker } from './broker-pruning.ts';
import { type BrokerNames, emptyInventory } from './inventory.ts';

export interface PruneOptions {
  readonly platform: Platform;
  readonly profile: Profile;
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** What became of a broker's queues and exchanges that are no longer declared. */
export interface PrunedBroker {
  readonly removed: readonly string[];
  readonly held: readonly (readonly [name: string, reason: string])[];
  /** What stays and is to be looked at again by the next deployment. */
  readonly left: BrokerNames;
  readonly notes: readonly string[];
}

/**
 * Removes from the cluster's RabbitMQ what is no longer declared. One outside the cluster is left alone, and one that
 * cannot be asked now is left to the next deployment.
 */
export function pruneBrokerOf(
  cluster: Cluster,
  gone: BrokerNames,
  options: PruneOptions,
): Promise<PrunedBroker> {
  return ask(gone, options, () =>
    withBroker(cluster, options.profile.namespace, async (broker) => {
      const retrySteps = retryStepsOf(options.platform);
      const { removed, held, left } = await pruneBroker(broker, gone, { ...options, retrySteps });
      return { removed: removed.map(titled), held: titledAll(held), left, notes: [] };
    }),
  );
}

/** What pruning would do to the queues now; exchanges are only tried when it happens. */
export function previewBrokerOf(
  cluster: Cluster,
  gone: BrokerNames,
  options: PruneOptions,
): Promise<PrunedBroker> {
  return ask(gone, options, () =>
    withBroker(cluster, options.profile.namespace, async (broker) => {
      const retrySteps = retryStepsOf(options.platform);
      const { remove, hold } = await countedVerdicts(broker, gone.queues, { ...options, retrySteps });
      return { removed: remove.map(titled), held: titledAll(hold), left: gone, notes: [] };
    }),
  );
}

async function ask(
  gone: BrokerNames,
  { profile }: PruneOptions,
  prune: () => Promise<PrunedBroker>,
): Promise<PrunedBroker> {
  const nothing: PrunedBroker = { removed: [], held: [], left: emptyInventory.broker, notes: [] };
  const names = [...new Set([...gone.queues, ...gone.exchanges])];
  if (names.length === 0) return nothing;
  if (profile.outside.rabbitmq !== undefined) {
    return {
      ...nothing,
      notes: [`RabbitMQ is outside the cluster; no longer declared there: ${names.join(', ')}`],
    };
  }
  try {
    return await prune();
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const note = `RabbitMQ could not be asked about what is no longer declared (${error.message}): ${names.join(', ')}`;
    return { ...nothing, left: gone, notes: [note] };
  }
}

const titled = (name: string) => `broker/${name}`;

function titledAll(held: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...held].map(([name, reason]) => [titled(name), reason]);
}

function retryStepsOf(platform: Platform): readonly string[] {
  return platform.retryDelaysMs.map(retryStepName);
}
