import type { Platform } from './platform.ts';

/** The exchange that dead letters pass through; each dead-letter queue is bound to it by its work queue's name. */
export const deadLetterExchange = 'smarteats.dead';

/** Where the messages of a queue rest that nobody could handle. */
export function deadLetterQueueOf(queue: string): string {
  return `${queue}.dead`;
}

/** The exchange and the queue in which a message waits for its next attempt. */
export function retryStepName(delayMs: number): string {
  return `smarteats.retry.${delayMs}ms`;
}

/** One exchange as the broker must have it. */
export interface TopologyExchange {
  readonly name: string;
  readonly type: 'direct' | 'fanout' | 'topic';
}

/** One queue as the broker must have it: its arguments can never change, so they are few. */
export interface TopologyQueue {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

export interface TopologyBinding {
  readonly exchange: string;
  readonly queue: string;
  readonly routingKey: string;
}

/** A broker policy: the settings of a queue that may change during its life. */
export interface TopologyPolicy {
  readonly name: string;
  readonly pattern: string;
  readonly priority: number;
  readonly definition: Readonly<Record<string, string | number>>;
}

/** Everything the broker must hold for the platform. */
export interface Topology {
  readonly exchanges: readonly TopologyExchange[];
  readonly queues: readonly TopologyQueue[];
  readonly bindings: readonly TopologyBinding[];
  readonly policies: readonly TopologyPolicy[];
}

const quorum = { 'x-queue-type': 'quorum' };

/**
 * Dead-lettering that loses nothing: the broker removes a message only once its next queue confirmed it.
 * It needs `reject-publish`, since dropping the head would lose messages first
 * (RabbitMQ documentation, "Quorum queues", at-least-once dead lettering).
 */
const safely = { 'dead-letter-strategy': 'at-least-once', overflow: 'reject-publish' };

/**
 * The broker topology that follows from the declarations.
 *
 * A work queue is declared with its type and nothing else, and its limits and dead-lettering come from a policy.
 * A retry step carries its dead-lettering as arguments: without it the step would drop what it holds,
 * and its name already says all that the arguments say.
 */
export function topologyOf(platform: Platform): Topology {
  const queues = workQueuesOf(platform);
  const steps = platform.retryDelaysMs.map(retryStepName);
  return {
    exchanges: [
      ...Object.entries(platform.exchanges).map(([name, { type }]) => ({ name, type })),
      ...Object.keys(platform.taskQueues).map((name) => ({ name, type: 'direct' as const })),
      { name: deadLetterExchange, type: 'direct' },
      ...steps.map((name) => ({ name, type: 'fanout' as const })),
    ],
    queues: [
      ...queues.flatMap(({ name }) =>
        [name, deadLetterQueueOf(name)].map((each) => ({ name: each, arguments: quorum })),
      ),
      ...steps.map((name) => ({ name, arguments: { ...quorum, ...retryStepArguments } })),
    ],
    bindings: [
      ...queues.map(({ name, exchange, routingKey }) => ({ exchange, queue: name, routingKey })),
      ...queues.map(({ name }) => ({
        exchange: deadLetterExchange,
        queue: deadLetterQueueOf(name),
        routingKey: name,
      })),
      ...steps.map((name) => ({ exchange: name, queue: name, routingKey: '' })),
    ],
    policies: [
      ...queues.map(({ name, deliveryLimit, maxLength }) => ({
        name,
        pattern: `^${name}$`,
        priority: 10,
        definition: {
          'dead-letter-exchange': deadLetterExchange,
          'dead-letter-routing-key': name,
          ...safely,
          'delivery-limit': deliveryLimit,
          'max-length': maxLength,
        },
      })),
      deadLetterPolicy,
    ],
  };
}

/**
 * Reading dead letters fetches them and gives them back, which counts as a delivery. Since RabbitMQ 4.0 a queue
 * without a limit drops a message after 20 of them.
 */
const deadLetterPolicy: TopologyPolicy = {
  name: 'dead-letters',
  pattern: '^.+\\.dead$',
  priority: 10,
  definition: { 'delivery-limit': 1_000_000_000 },
};

/** What the broker must know of a queue that holds work, be it our own messages or Celery's tasks. */
interface WorkQueue {
  readonly name: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly deliveryLimit: number;
  readonly maxLength: number;
}

function workQueuesOf({ queues, taskQueues }: Platform): readonly WorkQueue[] {
  return [
    ...Object.entries(queues).map(([name, { exchange, routingKey = name, deliveryLimit, maxLength }]) => ({
      name,
      exchange,
      routingKey,
      deliveryLimit,
      maxLength,
    })),
    // An exchange and a routing key of the queue's own name are what Celery's clients declare.
    ...Object.entries(taskQueues).map(([name, { deliveryLimit, maxLength }]) => ({
      name,
      exchange: name,
      routingKey: name,
      deliveryLimit,
      maxLength,
    })),
  ];
}

/** An expired message goes through the default exchange to the queue its routing key names: the one it came from. */
const retryStepArguments = {
  'x-dead-letter-exchange': '',
  ...Object.fromEntries(Object.entries(safely).map(([key, value]) => [`x-${key}`, value])),
};
