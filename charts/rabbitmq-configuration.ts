import type { Platform } from '../workers/platform/platform.ts';
import { rabbitmqDefinitions } from '../workers/platform/rabbitmq-definitions.ts';
import { rabbitmqAdvancedConfig } from '../workers/platform/rabbitmq-server.ts';
import type { Profile } from './profile.ts';

/** Where RabbitMQ finds the definitions it loads at each start: all files of the directory, by name. */
export const definitionsDirectory = '/etc/rabbitmq/definitions';

/** The Service that gives each node of a cluster a name of its own. */
export const nodesService = 'rabbitmq-nodes';

/** What the nodes are configured by, none of it secret: the users are in a Secret. */
export interface BrokerFiles {
  readonly enabled_plugins: string;
  readonly 'rabbitmq.conf': string;
  readonly 'advanced.config': string;
  readonly 'topology.json': string;
}

/** The files of RabbitMQ's ConfigMap. */
export function brokerFiles(platform: Platform, profile: Profile): BrokerFiles {
  return {
    enabled_plugins: '[rabbitmq_management,rabbitmq_prometheus].\n',
    'rabbitmq.conf': `${[...settings(profile), ...clusterSettings(profile)].join('\n')}\n`,
    'advanced.config': rabbitmqAdvancedConfig,
    'topology.json': `${JSON.stringify(rabbitmqDefinitions(platform), null, 2)}\n`,
  };
}

function settings({ rabbitmq }: Profile): readonly string[] {
  const mebibytes = (count: number) => `${Math.floor(count)}MiB`;
  return [
    'cluster_name = smarteats',
    `load_definitions = ${definitionsDirectory}`,
    'log.console = true',
    'log.console.level = info',
    'log.file = false',
    // Publishers are made to wait before the container's limit ends the node, or the volume is full.
    `vm_memory_high_watermark.absolute = ${mebibytes(rabbitmq.size.memoryMiB.limit * 0.6)}`,
    `disk_free_limit.absolute = ${mebibytes(rabbitmq.storageGiB * 1024 * 0.2)}`,
  ];
}

/**
 * How the nodes of a cluster find each other. The nodes are known by their number, so none needs access to the
 * Kubernetes API. The size hint keeps the first node from making queues of one replica, and queues that a service
 * declared too early are given their replicas later (RabbitMQ documentation, "Cluster Formation", "Quorum Queues").
 */
function clusterSettings({ namespace, rabbitmq: { nodes } }: Profile): readonly string[] {
  if (nodes === 1) return [];
  const reconciliation = 'quorum_queue.continuous_membership_reconciliation';
  return [
    'cluster_formation.peer_discovery_backend = classic_config',
    ...Array.from(
      { length: nodes },
      (_, index) =>
        `cluster_formation.classic_config.nodes.${index + 1} = ${nodeName(`rabbitmq-${index}`, namespace)}`,
    ),
    `cluster_formation.target_cluster_size_hint = ${nodes}`,
    // Without effect since RabbitMQ 4.3, whose nodes always go by the majority.
    'cluster_partition_handling = pause_minority',
    'queue_leader_locator = balanced',
    `${reconciliation}.enabled = true`,
    `${reconciliation}.target_group_size = ${nodes}`,
  ];
}

/** The name of a cluster's node; a pod's name in its namespace is enough for DNS, whatever the cluster's domain. */
export function nodeName(pod: string, namespace: string): string {
  return `rabbit@${pod}.${nodesService}.${namespace}`;
}
