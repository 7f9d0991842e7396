import { delayLevelName, delayLevels } from '../../workers/platform/delayed-delivery.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { deadLetterQueueOf, retryStepName } from '../../workers/platform/topology.ts';
import type { BrokerQueue } from '../cluster/broker-api.ts';

/** A queue as people want to see it, together with its dead letters. */
export interface QueueRow {
  readonly name: string;
  readonly ready: number;
  readonly unacked: number;
  readonly dead: number;
  readonly consumers: number;
  /** What is not right, as a sentence without the name. */
  readonly problem?: string;
}

/** All queues that hold work: the declared ones, then others that somebody has made. */
export function queueRows(platform: Platform, live: readonly BrokerQueue[]): readonly QueueRow[] {
  const declared = [...Object.keys(platform.queues), ...Object.keys(platform.taskQueues)];
  const passages = passagesOf(platform);
  const others = live
    .map(({ name }) => name)
    .filter((name) => !declared.includes(name) && !passages.has(name) && !name.endsWith('.dead'));
  return [...declared, ...others].map((name) => {
    const queue = live.find((each) => each.name === name);
    const dead = live.find((each) => each.name === deadLetterQueueOf(name))?.messages ?? 0;
    const { ready = 0, unacked = 0, consumers = 0 } = queue ?? {};
    const problem = queue === undefined ? 'it is not on the broker' : problemOf(platform, queue, dead);
    return { name, ready, unacked, dead, consumers, ...(problem !== undefined && { problem }) };
  });
}

/** Messages that wait for their time, of all queues together: for another attempt, or for the time that a task is due. */
export function delayedCount(platform: Platform, live: readonly BrokerQueue[]): number {
  const passages = passagesOf(platform);
  return live.filter(({ name }) => passages.has(name)).reduce((sum, { messages }) => sum + messages, 0);
}

/** The queues in which messages only wait: nobody ever consumes them, the broker moves on what is in them. */
function passagesOf({ retryDelaysMs }: Platform): ReadonlySet<string> {
  const levels = Array.from({ length: delayLevels }, (_, level) => delayLevelName(level));
  return new Set([...retryDelaysMs.map(retryStepName), ...levels]);
}

function problemOf(
  platform: Platform,
  { name, messages, consumers }: BrokerQueue,
  dead: number,
): string | undefined {
  const consumer = platform.queues[name]?.consumer;
  if (consumers === 0 && consumer !== undefined) return `nobody consumes it, ${consumer} should`;
  // Workers of tasks may be scaled down to none while there is nothing to do.
  if (consumers === 0 && messages > 0) return `${messages} messages wait and nobody consumes it`;
  if (dead > 0) return `${dead} dead ${dead === 1 ? 'letter waits' : 'letters wait'} for a decision`;
  return undefined;
}
