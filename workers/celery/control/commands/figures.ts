import { arch, platform, release } from 'node:os';
import { stringifyTaskJson } from '../../protocol/json.ts';
import type { Kwargs } from '../../protocol/value.ts';
import { type Command, type Commands, type ControlledWorker, ok, refusal } from '../command.ts';
import type { WorkerView } from '../worker-view.ts';

const conf: Command = ({ view }) => view.configuration();

/** Figures and settings of a worker; the settings under Celery's old name too. */
export const figures: Commands = {
  stats: (worker) => statsOf(worker),
  conf,
  dump_conf: conf,
  report: ({ view }) => ok(reportOf(view)),
  memsample: () => null,
  memdump: () => refusal('memdump shows samples of Python; this worker runs on Node'),
  objgraph: () => refusal('objgraph shows objects of Python; this worker runs on Node'),
};

/** As Celery's worker describes itself (celery/worker/worker.py, `stats`). */
function statsOf({ view, clock }: ControlledWorker): Kwargs {
  const { totals, uptimeSeconds, concurrency, prefetchCount, autoscale, broker } = view.figures();
  return {
    total: totals,
    pid: view.pid,
    clock: String(clock.value),
    uptime: Math.floor(uptimeSeconds),
    pool: {
      implementation: 'smarteats:slots',
      'max-concurrency': concurrency,
      processes: [view.pid],
      'max-tasks-per-child': view.configuration()['worker_max_tasks_per_child'] ?? 'N/A',
      timeouts: [0, 0],
      writes: {},
    },
    broker: {
      hostname: broker.hostname,
      userid: broker.userid,
      virtual_host: broker.virtualHost,
      port: broker.port,
      insist: false,
      ssl: broker.tls,
      transport: broker.tls ? 'amqps' : 'amqp',
      connect_timeout: null,
      transport_options: {},
      login_method: 'PLAIN',
      uri_prefix: null,
      heartbeat: broker.heartbeat,
      failover_strategy: 'round-robin',
      alternates: [],
    },
    prefetch_count: prefetchCount,
    rusage: rusage(),
    ...(autoscale !== undefined && { autoscaler: { ...autoscale, qty: autoscale.current } }),
  };
}

/** By the names of `getrusage`; times are in seconds. */
function rusage(): Kwargs {
  const usage = process.resourceUsage();
  return {
    utime: usage.userCPUTime / 1e6,
    stime: usage.systemCPUTime / 1e6,
    maxrss: usage.maxRSS,
    ixrss: usage.sharedMemorySize,
    idrss: usage.unsharedDataSize,
    isrss: usage.unsharedStackSize,
    minflt: usage.minorPageFault,
    majflt: usage.majorPageFault,
    nswap: usage.swappedOut,
    inblock: usage.fsRead,
    oublock: usage.fsWrite,
    msgsnd: usage.ipcSent,
    msgrcv: usage.ipcReceived,
    nsignals: usage.signalsCount,
    nvcsw: usage.voluntaryContextSwitches,
    nivcsw: usage.involuntaryContextSwitches,
  };
}

/** What people put into a report of a fault. */
function reportOf(view: WorkerView): string {
  const settings = Object.entries(view.configuration()).map(
    ([name, value]) => `${name}: ${stringifyTaskJson(value ?? null)}`,
  );
  return [
    `software -> celery:smarteats node:${process.versions.node} v8:${process.versions.v8}`,
    `platform -> system:${platform()} ${release()} arch:${arch()}`,
    `worker   -> ${view.nodeName} pid:${view.pid} tasks:${view.tasks().length}`,
    '',
    ...settings,
  ].join('\n');
}
