import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { RedisResultBackend } from '../../../workers/celery/results/redis-result-backend.ts';
import { runTaskWorker } from '../../../workers/celery/worker/run-task-worker.ts';
import { createTaskWorker } from '../../../workers/celery/worker/task-worker.ts';
import { RedisConnection } from '../../../workers/state/redis-connection.ts';
import { createLogger } from '../../../workers/telemetry/log.ts';
import { tasks } from './fuzz-tasks.ts';

/**
 * The worker of the fuzz test, as a process of its own, so that nothing catches what it does not catch itself:
 * `BROKER_URL`, `REDIS_URL`. It writes a line for each task that ends: the event and the task's id, as JSON.
 */
const { BROKER_URL = '', REDIS_URL = '' } = process.env;
const log = createLogger({ service: 'fuzzed-worker', level: 'fatal' });
const redis = new RedisConnection({ REDIS_URL }, log);
const worker = createTaskWorker({
  connection: { url: BROKER_URL },
  backend: new RedisResultBackend(redis, { extended: { hostname: 'fuzzed' } }),
  redis,
  tasks,
  taskModule: new URL('./fuzz-tasks.ts', import.meta.url),
  maxTasksPerThread: 50,
  concurrency: 8,
  nodeName: 'fuzzed@here',
  monitoring: celeryMonitoring,
  taskEvents: true,
  log,
});
for (const event of ['succeeded', 'failed', 'revoked', 'rejected', 'ignored'] as const)
  worker.on(event, ({ id }) => console.log(JSON.stringify([event, id])));
const code = await runTaskWorker(worker, { log, env: process.env, softShutdownSeconds: 0 });
await redis.close();
process.exit(code);
