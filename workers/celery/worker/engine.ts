import { setMaxListeners } from 'node:events';
import type { Connections } from '../../messaging/connections.ts';
import type { MessagingEmitter } from '../../messaging/events.ts';
import type { CanvasDeps } from '../canvas/apply-signature.ts';
import { builtinTasks } from '../canvas/builtin-tasks.ts';
import type { WorkerView } from '../control/worker-view.ts';
import type { Task } from '../task.ts';
import { BrokerTaskSender } from './broker-task-sender.ts';
import { Consumers } from './consumers.ts';
import { delayMessage } from './delayed-delivery.ts';
import { Dispatch } from './dispatch.ts';
import { Gate } from './gate.ts';
import { JobRun } from './job-run.ts';
import { Jobs } from './jobs.ts';
import type { CompleteOptions } from './options.ts';
import { patientBackend } from './patient-backend.ts';
import { Prefetch } from './prefetch.ts';
import { RateLimiter } from './rate-limiter.ts';
import { Refusal } from './refusal.ts';
import { Revocations } from './revocations.ts';
import { Revoking } from './revoking.ts';
import { runners } from './runners.ts';
import { Settlement } from './settlement.ts';
import { Slots } from './slots.ts';
import { taskCalls } from './task-calls.ts';
import { TimeLimits } from './time-limits.ts';
import { workerView } from './view.ts';
import type { TaskWorkerEmitter } from './worker-events.ts';

/** The parts of a worker that its start, its end and its health are about. */
export interface Engine {
  readonly consumers: Consumers;
  readonly dispatch: Dispatch;
  readonly jobs: Jobs;
  readonly gate: Gate;
  readonly sender: BrokerTaskSender;
  readonly view: WorkerView;
  start(): void;
  /** Ends all that runs. */
  stop(): Promise<void>;
}

/** Outcomes that may wait to be made durable, for each slot, and at least. */
const settlingPerSlot = 8;
const leastSettling = 64;

/** Puts the parts of a worker together. */
export function assembleEngine(
  options: CompleteOptions,
  around: {
    readonly connections: Connections;
    readonly events: MessagingEmitter;
    readonly emitter: TaskWorkerEmitter;
    readonly shutdown: () => void;
  },
): Engine {
  const { log, nodeName, redis } = options;
  const { connections, events, emitter, shutdown } = around;
  const closing = new AbortController();
  // All jobs that wait for Redis to be back wait for it.
  setMaxListeners(0, closing.signal);
  const gate = new Gate();
  const jobs = new Jobs();
  const limits = new TimeLimits();
  const revocations = new Revocations();
  const backend = patientBackend(options.backend, { gate, signal: closing.signal, log });
  const sender = new BrokerTaskSender({
    connection: connections.publishing,
    events,
    log,
    onSent: (sent) => emitter.emit('sent', sent),
  });
  const tasks = new Map<string, Task>();
  const canvas: CanvasDeps = {
    sender,
    backend,
    origin: nodeName,
    route: options.route ?? ((name) => tasks.get(name)?.options.queue ?? 'celery'),
    arity: (name) => tasks.get(name)?.parameters?.length,
    onUnsent: (error) => log.error({ err: error }, 'an errback can never be sent'),
    // A queue of which it is not known that delayed messages reach it gets the message at once, and its worker waits.
    delay: (message, seconds) =>
      consumers.all().some((each) => each.queue.name === message.routingKey && consumers.canDelay(each))
        ? delayMessage(message, seconds, message.routingKey)
        : message,
  };
  const builtins = builtinTasks(canvas, (name) => tasks.get(name));
  for (const task of [...builtins, ...options.tasks]) tasks.set(task.name, task);
  const limiters = new Map(
    [...tasks.values()].map((task) => [task.name, new RateLimiter(task, { redis, log })]),
  );
  const limiterOf = (task: Task) => limiters.get(task.name) ?? new RateLimiter(task, { redis, log });
  const prefetch = new Prefetch(options.autoscale?.min ?? options.concurrency, options.prefetchMultiplier);
  const slots = new Slots({
    size: options.concurrency,
    autoscale: options.autoscale,
    gate,
    closing: closing.signal,
    onResize: () => prefetch.resize(slots.size, consumers.all()),
  });
  const monitoring = options.monitoring({
    nodeName,
    publishing: connections.publishing,
    consuming: connections.consuming,
    log,
    taskEvents: options.taskEvents,
    view: () => view,
  });
  const { sink } = monitoring;
  events.on('unblocked', () => monitoring.resume());
  const running = runners(options, new Set(builtins.map(({ name }) => name)), limits);
  const consumers = new Consumers({
    nodeName,
    connection: connections.consuming,
    prefetch,
    onDelivery: (delivery, consumer) => dispatch.receive(delivery, consumer),
    emitter,
    log,
  });
  const settlement = new Settlement({
    canvas,
    sink,
    emitter,
    log,
    canDelay: (job) => consumers.canDelay(job.consumer),
  });
  const run = new JobRun({
    backend,
    runnerOf: running.runnerOf,
    callsOf: (job) => taskCalls(job.request, job.children, canvas),
    limits,
    jobs,
    revocations,
    settlement,
    gate,
    mostSettling: () => Math.max(leastSettling, settlingPerSlot * slots.size),
    hostname: nodeName,
    sink,
    emitter,
    log,
  });
  const dispatch = new Dispatch({
    taskOf: (name) => tasks.get(name),
    elsewhere: options.elsewhere ?? (() => undefined),
    limiterOf,
    jobs,
    slots,
    prefetch,
    revocations,
    refusal: new Refusal({ canvas, sink, emitter, log }),
    settlement,
    sender,
    run,
    canDelay: (consumer) => consumers.canDelay(consumer),
    sink,
    emitter,
    log,
  });
  const revoking = new Revoking({ jobs, revocations, dispatch, backend });
  const view: WorkerView = workerView({
    options,
    jobs,
    slots,
    prefetch,
    consumers,
    limits,
    revocations,
    revoking,
    tasks,
    limiterOf,
    shutdown,
  });
  return {
    consumers,
    dispatch,
    jobs,
    gate,
    sender,
    view,
    start: () => {
      sender.start();
      running.warm();
      monitoring.start();
      for (const queue of options.queues) consumers.add(queue);
    },
    stop: async () => {
      await monitoring.stop();
      closing.abort();
      slots.close();
      for (const limiter of limiters.values()) limiter.close();
      running.close();
    },
  };
}
