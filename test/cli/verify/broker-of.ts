import type { BrokerTopology } from '../../../cli/cluster/broker-topology.ts';
import {
  delayedDeliveryExchange,
  delayedKeyOf,
  delayLevelArguments,
  delayLevelName,
  delayLevels,
} from '../../../workers/platform/delayed-delivery.ts';
import type { Platform } from '../../../workers/platform/platform.ts';
import { topologyOf } from '../../../workers/platform/topology.ts';

/** A broker that holds exactly what a platform declares, its workers' delayed delivery included. */
export function brokerOf(platform: Platform): BrokerTopology {
  const { exchanges, queues, bindings, policies } = topologyOf(platform);
  const delays = Array.from({ length: delayLevels }, (_, level) => ({
    name: delayLevelName(level),
    durable: true,
    type: 'quorum',
    arguments: { ...delayLevelArguments(level) },
    policy: {},
  }));
  return {
    exchanges: exchanges.map((each) => ({ ...each, durable: true })),
    queues: [
      ...queues.map(({ name, arguments: given }) => ({
        name,
        durable: true,
        type: 'quorum',
        arguments: { ...given },
        policy: policies.find(({ pattern }) => new RegExp(pattern).test(name))?.definition ?? {},
      })),
      ...delays,
    ],
    bindings: [
      ...bindings,
      ...Object.keys(platform.taskQueues).map((queue) => ({
        exchange: delayedDeliveryExchange,
        queue,
        routingKey: delayedKeyOf(queue),
      })),
    ],
  };
}
