import { setTimeout as delay } from 'node:timers/promises';
import type { BrokerApi, BrokerQueue } from '../cluster/broker-api.ts';
import type { BrokerNames } from './inventory.ts';

/** What is to become of queues that are no longer declared. */
export interface QueueVerdicts {
  readonly remove: readonly string[];
  /** Each with the reason why it stays. */
  readonly hold: ReadonlyMap<string, string>;
  /** Whether somebody still consumes one of them, as a service does until its pods have ended. */
  readonly consumed: boolean;
}

/** What was removed from the broker, and what stays there although it is no longer declared. */
export interface BrokerPruning {
  readonly removed: readonly string[];
  readonly held: ReadonlyMap<string, string>;
  /** What is still there, for the next deployment. */
  readonly left: BrokerNames;
}

/** By what queues are judged. */
export interface JudgingOptions {
  /** Queues in which messages wait for their next attempt, which may be one of the gone queues'. */
  readonly retrySteps: readonly string[];
  readonly force: boolean;
  readonly signal: AbortSignal;
  /**
   * How old the broker's count of a queue may be, in milliseconds. A quorum queue reports every five seconds
   * (RabbitMQ's setting `quorum_tick_interval`), on a busy broker a little later. @default 10 000
   */
  readonly countAgeMs?: number;
}

/** How long the last consumers of a queue have to end, in milliseconds. */
const consumersEndMs = 60_000;

/** The names that one broker has and the other has not. */
export function brokerNamesGone(before: BrokerNames, now: BrokerNames): BrokerNames {
  const gone = (kind: keyof BrokerNames) => before[kind].filter((name) => !now[kind].includes(name));
  return { queues: gone('queues'), exchanges: gone('exchanges'), policies: gone('policies') };
}

/**
 * Decides about queues that are no longer declared.
 * @param gone their names
 * @param retrySteps queues in which messages wait for their next attempt, which may be one of the gone queues'
 * @param live all queues of the broker
 */
export function verdictsOnQueues(
  gone: readonly string[],
  retrySteps: readonly string[],
  live: readonly BrokerQueue[],
  force: boolean,
): QueueVerdicts {
  const there = live.filter(({ name }) => gone.includes(name));
  const waiting = live
    .filter(({ name }) => retrySteps.includes(name))
    .reduce((sum, { messages }) => sum + messages, 0);
  const hold = new Map<string, string>();
  for (const { name, messages, consumers } of force ? [] : there) {
    if (messages > 0) hold.set(name, `it has ${messages} ${messages === 1 ? 'message' : 'messages'}`);
    else if (consumers > 0) hold.set(name, 'it is still consumed');
    else if (waiting > 0 && !name.endsWith('.dead')) {
      hold.set(name, `${waiting} messages wait for another attempt, perhaps in this queue`);
    }
  }
  return {
    remove: there.map(({ name }) => name).filter((name) => !hold.has(name)),
    hold,
    consumed: there.some(({ name, consumers }) => consumers > 0 && hold.get(name) === 'it is still consumed'),
  };
}

/** Decides about queues once the broker has counted everything that they hold now. */
export async function countedVerdicts(
  broker: BrokerApi,
  gone: readonly string[],
  { retrySteps, force, signal, countAgeMs = 10_000 }: JudgingOptions,
): Promise<QueueVerdicts> {
  if (gone.length > 0 && !force) await delay(countAgeMs, undefined, { signal });
  return verdictsOnQueues(gone, retrySteps, await broker.queues(), force);
}

/**
 * Removes from the broker what is no longer declared, except queues with messages. The broker has no such condition
 * for quorum queues, so they are counted just before.
 */
export async function pruneBroker(
  broker: BrokerApi,
  gone: BrokerNames,
  options: JudgingOptions,
): Promise<BrokerPruning> {
  const giveUpAt = performance.now() + consumersEndMs;
  const judge = async () =>
    verdictsOnQueues(gone.queues, options.retrySteps, await broker.queues(), options.force);
  let verdicts = await judge();
  while (verdicts.consumed && performance.now() < giveUpAt) {
    await delay(1_000, undefined, { signal: options.signal });
    verdicts = await judge();
  }
  verdicts = await countedVerdicts(broker, gone.queues, options);
  const held = new Map(verdicts.hold);
  for (const name of verdicts.remove) await broker.removeQueue(name);
  // A queue that stays needs its policy and its exchange, which bear its name.
  const policies = gone.policies.filter((name) => !held.has(name));
  for (const name of policies) await broker.removePolicy(name);
  const exchanges: string[] = [];
  for (const name of gone.exchanges.filter((each) => !held.has(each))) {
    if (await broker.removeExchange(name)) exchanges.push(name);
    else held.set(name, 'queues are bound to it');
  }
  return {
    removed: [...new Set([...verdicts.remove, ...exchanges])],
    held,
    left: {
      queues: gone.queues.filter((name) => held.has(name)),
      exchanges: gone.exchanges.filter((name) => held.has(name)),
      policies: gone.policies.filter((name) => held.has(name)),
    },
  };
}
