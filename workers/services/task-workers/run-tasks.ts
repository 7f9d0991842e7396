import { celeryMonitoring } from '../../celery/control/celery-monitoring.ts';
import { RedisResultBackend } from '../../celery/results/redis-result-backend.ts';
import type { Task } from '../../celery/task.ts';
import { createTaskWorker } from '../../celery/worker/task-worker.ts';
import type { Environment } from '../../platform/environment.ts';
import { tasks as declared, type TaskQueueName, taskQueues } from '../../platform/tasks.ts';
import { RedisConnection } from '../../state/redis-connection.ts';
import type { RedisAddress } from '../../state/redis-options.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { celeryBroker } from '../host/connections.ts';
import type { Background } from '../host/service-module.ts';
import { measureTasks } from './measure-tasks.ts';

/** What a worker of tasks has of its service. */
interface WorkerDeps {
  readonly config: Parameters<typeof celeryBroker>[0] &
    RedisAddress &
    Partial<Pick<Environment, 'CELERY_RESULT_BACKEND'>>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/**
 * Runs the tasks of one queue beside the service's HTTP server, as a Celery worker named after the queue: whoever can
 * reach the broker calls them with any client of Celery.
 *
 * @param options.end closes what the tasks use, once none of them runs any more
 * @param options.taskModule exports the same tasks for threads, made of the service's configuration; without it a hard
 *   time limit gives up on a task, whose code goes on until it heeds its signal
 */
export function runTasks(
  { config, log, metrics }: WorkerDeps,
  queue: TaskQueueName,
  tasks: Readonly<Record<string, Task>>,
  { end, taskModule }: { readonly end?: () => void; readonly taskModule?: URL } = {},
): Background {
  const { CELERY_RESULT_BACKEND: resultUrl } = config;
  const redis = new RedisConnection(resultUrl === undefined ? config : { REDIS_URL: resultUrl }, log);
  const routes: Readonly<Record<string, { readonly queue: string }>> = declared;
  const worker = createTaskWorker({
    connection: celeryBroker(config),
    backend: new RedisResultBackend(redis),
    redis,
    tasks: Object.values(tasks),
    queues: [{ name: queue }],
    concurrency: taskQueues[queue].concurrency,
    route: (task) => routes[task]?.queue ?? 'celery',
    // Python clients without routes call every task on `celery`.
    elsewhere: (task) => routes[task]?.queue,
    nodeName: `${queue}@%h`,
    monitoring: celeryMonitoring,
    taskEvents: true,
    ...(taskModule && { taskModule, taskModuleInput: config }),
    log,
  });
  measureTasks(worker, metrics, routes, queue);
  worker.on('failed', ({ id, task, exception }) => {
    const { exc_type, exc_message } = exception;
    log.warn({ taskId: id, task, exception: exc_type, reason: exc_message }, 'a task failed');
  });
  worker.start();
  return {
    stop: async () => {
      await worker.stop('warm');
      end?.();
      await redis.close();
    },
  };
}
