import type { z } from 'zod';
import { PlatformError } from './errors.ts';
import { type EventDeclaration, events } from './events.ts';
import { type ExchangeDeclaration, exchanges } from './exchanges.ts';
import { type QueueDeclaration, queues } from './queues.ts';
import { retryDelaysMs } from './retry.ts';
import { type ScheduleEntry, schedule, scheduleProblems } from './schedule.ts';
import { type ServiceDeclaration, services } from './services.ts';
import { type TaskDeclaration, type TaskQueueDeclaration, taskQueues, tasks } from './tasks.ts';

/** The declarations that everything else is derived from. */
export interface Platform {
  readonly exchanges: Readonly<Record<string, ExchangeDeclaration>>;
  readonly queues: Readonly<Record<string, QueueDeclaration>>;
  readonly events: Readonly<Record<string, EventDeclaration>>;
  readonly services: Readonly<Record<string, ServiceDeclaration>>;
  readonly taskQueues: Readonly<Record<string, TaskQueueDeclaration>>;
  readonly tasks: Readonly<Record<string, TaskDeclaration>>;
  readonly schedule: Readonly<Record<string, ScheduleEntry>>;
  /** Delays of the broker-side retry queues, in milliseconds, rising. */
  readonly retryDelaysMs: readonly number[];
}

export type QueueNameOf<P extends Platform> = keyof P['queues'] & string;
export type EventNameOf<P extends Platform> = keyof P['events'] & string;
export type ServiceNameOf<P extends Platform> = keyof P['services'] & string;

/** The payload a queue carries. */
export type PayloadOf<P extends Platform, Queue extends QueueNameOf<P>> = z.output<
  P['queues'][Queue]['payload']
>;

/** The payload of an event. */
export type EventPayloadOf<P extends Platform, Event extends EventNameOf<P>> = z.output<
  P['events'][Event]['payload']
>;

/** The queues that one service consumes. */
export type ConsumedBy<P extends Platform, Service extends ServiceNameOf<P>> = {
  [Queue in QueueNameOf<P>]: P['queues'][Queue]['consumer'] extends Service ? Queue : never;
}[QueueNameOf<P>];

/**
 * Checks that the declarations agree with each other and returns them unchanged.
 * @throws PlatformError PLATFORM_DECLARATION_INVALID with every contradiction found
 */
export function definePlatform<const P extends Platform>(platform: P): P {
  const problems = [
    ...queueProblems(platform),
    ...eventProblems(platform),
    ...serviceProblems(platform),
    ...taskProblems(platform),
    ...scheduleProblems(platform.schedule, platform.tasks),
  ];
  if (problems.length > 0) {
    throw new PlatformError('PLATFORM_DECLARATION_INVALID', problems.join('; '), { details: { problems } });
  }
  return platform;
}

function* queueProblems(platform: Platform): Generator<string> {
  const longest = Math.max(...platform.retryDelaysMs);
  for (const [name, queue] of Object.entries(platform.queues)) {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) yield `queue ${name}: a name is lower case letters, digits and _`;
    if (!(queue.exchange in platform.exchanges))
      yield `queue ${name}: exchange ${queue.exchange} is not declared`;
    if (!(queue.consumer in platform.services))
      yield `queue ${name}: service ${queue.consumer} is not declared`;
    else if (!platform.services[queue.consumer]?.uses.includes('rabbitmq')) {
      yield `queue ${name}: service ${queue.consumer} consumes it but does not use rabbitmq`;
    }
    if (queue.retry.maxAttempts < 1) yield `queue ${name}: at least one attempt is needed`;
    if (queue.retry.maxDelayMs > longest)
      yield `queue ${name}: no retry delay is as long as ${queue.retry.maxDelayMs} ms`;
    if (queue.prefetch < 1 || queue.prefetch > 65_535) yield `queue ${name}: prefetch must be 1 to 65535`;
  }
}

function* eventProblems(platform: Platform): Generator<string> {
  for (const [name, event] of Object.entries(platform.events)) {
    if (!(event.exchange in platform.exchanges))
      yield `event ${name}: exchange ${event.exchange} is not declared`;
  }
}

function* serviceProblems(platform: Platform): Generator<string> {
  const owners = new Map<number, string>();
  for (const [name, service] of Object.entries(platform.services)) {
    for (const port of [service.port, ...Object.values(service.extraPorts ?? {})]) {
      const owner = owners.get(port);
      if (owner !== undefined) yield `service ${name}: port ${port} belongs to ${owner}`;
      owners.set(port, name);
    }
  }
}

function* taskProblems({ exchanges, queues, services, taskQueues, tasks }: Platform): Generator<string> {
  for (const [name, { taskQueue }] of Object.entries(services)) {
    if (taskQueue !== undefined && !(taskQueue in taskQueues))
      yield `service ${name}: task queue ${taskQueue} is not declared`;
  }
  for (const name of Object.keys(taskQueues)) {
    if (!/^[a-z][a-z0-9_]*$/.test(name))
      yield `task queue ${name}: a name is lower case letters, digits and _`;
    if (name in queues) yield `task queue ${name}: a queue has this name already`;
    // A task queue comes with an exchange of its name, as Celery's clients declare it.
    if (name in exchanges) yield `task queue ${name}: an exchange has this name already`;
  }
  for (const [name, { queue }] of Object.entries(tasks)) {
    if (!(queue in taskQueues)) yield `task ${name}: task queue ${queue} is not declared`;
  }
}

/** The SmartEats platform. */
export const smartEats = definePlatform({
  exchanges,
  queues,
  events,
  services,
  taskQueues,
  tasks,
  schedule,
  retryDelaysMs,
});

export type SmartEats = typeof smartEats;
