/**
 * A worker with the tasks of Celery's own integration suite, for that suite to run against. From the environment:
 * - `TEST_BROKER`: the broker. @default amqp://guest:guest@localhost:5672//
 * - `TEST_BACKEND`: the result backend. @default redis://localhost:6379/0
 * - `NODENAME`: as Celery's `--hostname`. @default celery@%h
 * - `CONCURRENCY`: tasks at the same time. @default 1, as the suite's own worker
 * - `REDIS_HOST`, `REDIS_PORT`: where tasks write what tests read. @default the server of `TEST_BACKEND`
 *
 * It says `ready` on standard output once it consumes.
 */
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { RedisResultBackend } from '../../../workers/celery/results/redis-result-backend.ts';
import { nodeName } from '../../../workers/celery/worker/node-name.ts';
import { runTaskWorker } from '../../../workers/celery/worker/run-task-worker.ts';
import { createTaskWorker } from '../../../workers/celery/worker/task-worker.ts';
import { RedisConnection } from '../../../workers/state/redis-connection.ts';
import { createLogger } from '../../../workers/telemetry/log.ts';
import { backendUrl, brokerUrl } from './addresses.ts';
import { closeSuiteRedis } from './suite-redis.ts';
import { tasks } from './tasks.ts';

const { TEST_BROKER, TEST_BACKEND, NODENAME, CONCURRENCY = '1' } = process.env;

const log = createLogger({ service: 'celery-integration-worker', level: 'warn' });
const redis = new RedisConnection({ REDIS_URL: backendUrl(TEST_BACKEND) }, log);
const worker = createTaskWorker({
  connection: { url: brokerUrl(TEST_BROKER) },
  // The suite's own configuration asks for extended results.
  backend: new RedisResultBackend(redis, { extended: { hostname: nodeName(NODENAME) } }),
  redis,
  tasks,
  monitoring: celeryMonitoring,
  taskModule: new URL('./tasks.ts', import.meta.url),
  concurrency: Number(CONCURRENCY),
  log,
  nodeName: nodeName(NODENAME),
});
worker.on('subscribed', ({ queue }) => process.stdout.write(`ready: ${queue}\n`));
const code = await runTaskWorker(worker, { log, env: process.env, softShutdownSeconds: 0 });
await closeSuiteRedis();
await redis.close();
process.exit(code);
