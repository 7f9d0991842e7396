import { brokerTarget } from '../../messaging/connection-options.ts';
import type { ConsumedQueue, RequestInfo, WorkerFigures, WorkerView } from '../control/worker-view.ts';
import type { Kwargs } from '../protocol/value.ts';
import type { Task } from '../task.ts';
import type { Consumers } from './consumers.ts';
import type { Job } from './job.ts';
import type { Jobs } from './jobs.ts';
import type { CompleteOptions } from './options.ts';
import type { Prefetch } from './prefetch.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Revocations } from './revocations.ts';
import type { Revoking } from './revoking.ts';
import type { Slots } from './slots.ts';
import type { TimeLimits } from './time-limits.ts';

/** How long to wait for the broker's consent to the end of a subscription, in milliseconds. */
const brokerMs = 2_000;

/** What remote control sees of a worker and can do to it. */
export function workerView(parts: {
  readonly options: CompleteOptions;
  readonly jobs: Jobs;
  readonly slots: Slots;
  readonly prefetch: Prefetch;
  readonly consumers: Consumers;
  readonly limits: TimeLimits;
  readonly revocations: Revocations;
  readonly revoking: Revoking;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly limiterOf: (task: Task) => RateLimiter;
  readonly shutdown: () => void;
}): WorkerView {
  const { options, jobs, slots, consumers, limits, revocations, revoking, tasks, limiterOf } = parts;
  const startedAt = Date.now();
  const pid = process.pid;
  const infosOf = (some: readonly Job[]): readonly RequestInfo[] => some.map((job) => job.info(pid));
  const taskNamed = (name: string): Task => {
    const task = tasks.get(name);
    if (task === undefined) throw new RangeError(`unknown task ${name}`);
    return task;
  };
  const resize = (by: number) => slots.resize(slots.size + by);
  return {
    nodeName: options.nodeName,
    pid,
    active: () => infosOf(jobs.active()),
    reserved: () => infosOf(jobs.pending().filter(({ phase }) => phase !== 'scheduled')),
    scheduled: () =>
      jobs.scheduled().flatMap((job) => {
        const { eta } = job.request;
        return eta === undefined ? [] : [{ eta, info: job.info(pid) }];
      }),
    tasks: () => [...tasks.values()],
    limitsOf: (name) => {
      const task = taskNamed(name);
      return { rate: limiterOf(task).rate, ...limits.of(task) };
    },
    queues: () => consumers.all().map(({ queue, type }): ConsumedQueue => ({ ...queue, type })),
    figures: () => figuresOf(parts, (Date.now() - startedAt) / 1000),
    configuration: () => configurationOf(options),
    revoked: () => revocations.list(),
    rememberRevoked: (ids) => revocations.add(ids.filter((id) => !revocations.hasId(id))),
    revoke: (ids, how) => revoking.revoke(ids, how),
    revokeByStamps: (stamps, how) => revoking.revokeByStamps(stamps, how),
    setRateLimit: (name, rate) => limiterOf(taskNamed(name)).setRate(rate),
    setTimeLimit: (name, changed) => limits.set(taskNamed(name).name, changed),
    grow: (by) => resize(by),
    shrink: (by) => resize(-by),
    autoscale: (max, min) => {
      const now = slots.autoscale ?? { max: slots.size, min: slots.size };
      const wanted = { max: max ?? now.max, min: min ?? now.min };
      slots.setAutoscale({ max: Math.max(wanted.max, wanted.min), min: Math.max(1, wanted.min) });
      return slots.autoscale ?? wanted;
    },
    addConsumer: async (queue) => consumers.add(queue),
    cancelConsumer: async (name) => {
      await consumers.remove(name, brokerMs);
    },
    shutdown: parts.shutdown,
  };
}

function figuresOf(
  parts: {
    readonly options: CompleteOptions;
    readonly jobs: Jobs;
    readonly slots: Slots;
    readonly consumers: Consumers;
    readonly prefetch: Prefetch;
  },
  uptimeSeconds: number,
): WorkerFigures {
  const { slots, jobs, consumers, prefetch, options } = parts;
  const { connect } = brokerTarget(options.connection);
  const prefetches = consumers.all().map((consumer) => consumer.prefetch);
  return {
    concurrency: slots.size,
    prefetchCount: Math.max(prefetch.base, ...prefetches),
    totals: jobs.totals(),
    uptimeSeconds,
    autoscale: slots.autoscale === undefined ? undefined : { ...slots.autoscale, current: slots.size },
    broker: {
      hostname: String(connect.hostname),
      port: Number(connect.port),
      userid: String(connect.username),
      virtualHost: decodeURIComponent(String(connect.vhost)),
      tls: connect.protocol === 'amqps',
      heartbeat: Number(connect.heartbeat),
    },
  };
}

/** Settings by the names that Celery gives them; passwords are not among what is shown. */
function configurationOf(options: CompleteOptions): Kwargs {
  const { connect } = brokerTarget(options.connection);
  const [protocol, user] = [String(connect.protocol), encodeURIComponent(String(connect.username))];
  return {
    broker_url: `${protocol}://${user}:********@${connect.hostname}:${connect.port}/${connect.vhost}`,
    broker_heartbeat: Number(connect.heartbeat),
    task_default_queue: options.queues[0]?.name ?? 'celery',
    task_queues: options.queues.map(({ name }) => name),
    worker_concurrency: options.concurrency,
    worker_prefetch_multiplier: options.prefetchMultiplier,
    worker_soft_shutdown_timeout: options.softShutdownSeconds,
    worker_send_task_events: options.taskEvents,
    worker_max_tasks_per_child: options.maxTasksPerThread ?? null,
    worker_deduplicate_successful_tasks: true,
    worker_hijack_root_logger: false,
    worker_log_color: false,
    include: [],
    deprecated_settings: null,
    result_backend: 'redis',
    accept_content: ['json'],
    task_serializer: 'json',
    result_serializer: 'json',
    timezone: 'UTC',
    enable_utc: true,
  };
}
