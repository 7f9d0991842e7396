import {
  delayedDeliveryExchange,
  delayedKeyOf,
  delayLevelArguments,
  delayLevelName,
  delayLevels,
} from '../../workers/platform/delayed-delivery.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { type Topology, topologyOf } from '../../workers/platform/topology.ts';
import type { BrokerTopology } from '../cluster/broker-topology.ts';
import { type Finding, gathered } from './finding.ts';

/** Compares what the broker holds with the declarations, and makes sure that no queue can lose a message. */
export function checkBroker(platform: Platform, live: BrokerTopology): readonly Finding[] {
  const declared = topologyOf(platform);
  const delays = delayTopology(platform);
  const wanted = { ...declared, bindings: [...declared.bindings, ...delays.bindings] };
  return [
    gathered('broker', 'exchanges', wanted.exchanges.length, exchangeGaps(wanted, live)),
    gathered('broker', 'queues: durable, quorum, as declared', wanted.queues.length, queueGaps(wanted, live)),
    gathered('broker', 'bindings', wanted.bindings.length, bindingGaps(wanted, live)),
    gathered(
      'broker',
      'limits and dead letters of the queues',
      policedQueues(wanted).length,
      policyGaps(wanted, live),
    ),
    gathered('broker', 'queues in which tasks wait for their time', delayLevels, queueGaps(delays, live)),
  ];
}

/** What the workers of tasks add by themselves, so that a task can wait at the broker. */
function delayTopology({ taskQueues }: Platform): Pick<Topology, 'queues' | 'bindings'> {
  return {
    queues: Array.from({ length: delayLevels }, (_, level) => ({
      name: delayLevelName(level),
      arguments: delayLevelArguments(level),
    })),
    bindings: Object.keys(taskQueues).map((queue) => ({
      exchange: delayedDeliveryExchange,
      queue,
      routingKey: delayedKeyOf(queue),
    })),
  };
}

function exchangeGaps({ exchanges }: Topology, live: BrokerTopology): readonly string[] {
  return exchanges.flatMap(({ name, type }) => {
    const found = live.exchanges.find((each) => each.name === name);
    if (found === undefined) return [`${name} is missing`];
    if (found.type !== type) return [`${name} is ${found.type} instead of ${type}`];
    return found.durable ? [] : [`${name} is not durable`];
  });
}

function queueGaps({ queues }: Pick<Topology, 'queues'>, live: BrokerTopology): readonly string[] {
  return queues.flatMap(({ name, arguments: declared }) => {
    const found = live.queues.find((each) => each.name === name);
    if (found === undefined) return [`${name} is missing`];
    if (!found.durable) return [`${name} is not durable`];
    if (found.type !== 'quorum') return [`${name} is ${found.type} instead of quorum`];
    return differences(declared, { 'x-queue-type': 'quorum', ...found.arguments }).map(
      (text) => `${name}: ${text}`,
    );
  });
}

function bindingGaps(
  { bindings, queues }: Pick<Topology, 'bindings' | 'queues'>,
  live: BrokerTopology,
): readonly string[] {
  const textOf = (each: { exchange: string; queue: string; routingKey: string }) =>
    `${each.exchange} to ${each.queue} by "${each.routingKey}"`;
  const wanted = new Set(bindings.map(textOf));
  const found = new Set(live.bindings.map(textOf));
  const ours = new Set(queues.map(({ name }) => name));
  // A queue of ours that gets more than it is declared to get has messages that nobody meant for it.
  const extra = live.bindings.filter(({ queue }) => ours.has(queue)).map(textOf);
  return [
    ...[...wanted].filter((text) => !found.has(text)).map((text) => `${text} is missing`),
    ...extra.filter((text) => !wanted.has(text)).map((text) => `${text} is not declared`),
  ];
}

/** Each queue that a declared policy is for, with what that policy gives it. */
function policedQueues({ queues, policies }: Topology) {
  return queues.flatMap(({ name }) => {
    const policy = policies.find(({ pattern }) => new RegExp(pattern).test(name));
    return policy === undefined ? [] : [{ name, definition: policy.definition }];
  });
}

function policyGaps(wanted: Topology, live: BrokerTopology): readonly string[] {
  return policedQueues(wanted).flatMap(({ name, definition }) => {
    const found = live.queues.find((each) => each.name === name);
    // Its absence is told above.
    if (found === undefined) return [];
    return differences(definition, found.policy).map((text) => `${name}: ${text}`);
  });
}

function differences(
  declared: Readonly<Record<string, string | number>>,
  found: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.entries(declared)
    .filter(([key, value]) => found[key] !== value)
    .map(
      ([key, value]) => `${key} is ${JSON.stringify(found[key] ?? null)} instead of ${JSON.stringify(value)}`,
    );
}
