/**
 * What running a task costs beside Python's Celery, in one run on one private RabbitMQ and Redis: the same messages,
 * late acknowledgement, and each result stored and announced. BullMQ runs the same tasks on the same Redis.
 *
 *   npx tsx bench/tasks.ts [tasks]
 *
 * Only the ratios mean something; the absolute numbers are this machine's. Python's worker is Debian's, which asks for a
 * global prefetch and so needs a classic queue; it has a process for each slot, ours is one process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { RabbitmqServer } from '../local/servers/rabbitmq.ts';
import { RedisServer } from '../local/servers/redis.ts';
import { defineRawTask } from '../workers/celery/define-task.ts';
import { RedisResultBackend } from '../workers/celery/results/redis-result-backend.ts';
import { createTaskWorker } from '../workers/celery/worker/task-worker.ts';
import { smartEats } from '../workers/platform/platform.ts';
import { RedisConnection } from '../workers/state/redis-connection.ts';
import { measureBullmq } from './bullmq.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: console.error };

interface Servers {
  readonly broker: string;
  readonly redis: string;
}

/** Starts a worker that consumes a queue with so many slots. @returns what ends it */
type StartWorker = (servers: Servers, queue: string, slots: number) => Promise<() => Promise<void>>;

const startOurs: StartWorker = async ({ broker, redis }, queue, slots) => {
  const connection = new RedisConnection({ REDIS_URL: redis }, log);
  const worker = createTaskWorker({
    connection: { url: broker },
    backend: new RedisResultBackend(connection),
    tasks: [defineRawTask({ name: 'bench.add', run: ([left, right]) => Number(left) + Number(right) })],
    queues: [{ name: queue }],
    concurrency: slots,
    log,
  });
  worker.start();
  return async () => {
    await worker.stop('cold');
    await connection.close();
  };
};

const startPython: StartWorker = async ({ broker, redis }, queue, slots) => {
  const args = ['-m', 'celery', '-A', 'tasks', 'worker', '-c', String(slots), '-Q', queue, '-l', 'error'];
  const worker = spawn('/usr/bin/python3', [...args, '--without-mingle', '--without-gossip'], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, BROKER: broker, BACKEND: redis, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: 'ignore',
  });
  return async () => {
    const ended = once(worker, 'exit');
    worker.kill('SIGTERM');
    await ended;
  };
};

/** Fills a queue, has a worker warm up on the first of it, and measures the rest. @returns tasks a second */
async function measure(servers: Servers, start: StartWorker, slots: number, tasks: number): Promise<number> {
  const queue = `bench-${start.name}-${slots}`;
  const connection = await connect(servers.broker);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue(queue, { durable: true });
  const warmUp = warmUpOf(slots);
  for (let index = 0; index < warmUp + tasks; index += 1) {
    const id = `${queue}-${index}`;
    channel.sendToQueue(queue, Buffer.from('[[1, 2], {}, null]'), {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      correlationId: id,
      headers: { lang: 'py', task: 'bench.add', id, root_id: id },
    });
  }
  await channel.waitForConfirms();
  const subscriber = new Redis(servers.redis);
  await subscriber.psubscribe(`celery-task-meta-${queue}-*`);
  let done = 0;
  let began = 0;
  const finished = new Promise<number>((resolve) => {
    subscriber.on('pmessage', () => {
      done += 1;
      if (done === warmUp) began = performance.now();
      if (done === warmUp + tasks) resolve(performance.now());
    });
  });
  const stop = await start(servers, queue, slots);
  const ended = await finished;
  await stop();
  subscriber.disconnect();
  await connection.close();
  return (tasks / (ended - began)) * 1000;
}

function warmUpOf(slots: number): number {
  return Math.max(200, slots * 8);
}

const tasks = Number(process.argv[2] ?? 10_000);
const directory = mkdtempSync(join(tmpdir(), 'smarteats-bench-'));
const rabbitmq = await RabbitmqServer.create({ directory: join(directory, 'rabbitmq'), platform: smartEats });
const redis = await RedisServer.create({ directory: join(directory, 'redis') });
try {
  await Promise.all([rabbitmq.start(), redis.start()]);
  // Without a default type of queues, so that Python's worker finds the classic one that it declares.
  await rabbitmq.api('vhosts/bench', { method: 'PUT', body: {} });
  const permission = { configure: '.*', write: '.*', read: '.*' };
  await rabbitmq.api(`permissions/bench/${rabbitmq.user}`, { method: 'PUT', body: permission });
  const servers = { broker: rabbitmq.url('bench'), redis: redis.url };
  const rows = [];
  for (const slots of [1, 64]) {
    const ours = await measure(servers, startOurs, slots, tasks);
    const python = await measure(servers, startPython, slots, tasks);
    const bullmq = await measureBullmq(servers.redis, { slots, tasks, warmUp: warmUpOf(slots) });
    rows.push({
      slots,
      'ours, tasks/s': Math.round(ours),
      "Python's Celery, tasks/s": Math.round(python),
      'ours : Celery': (ours / python).toFixed(1),
      'BullMQ, tasks/s': Math.round(bullmq),
      'ours : BullMQ': (ours / bullmq).toFixed(2),
    });
  }
  console.log(`${tasks} tasks that add two numbers`);
  console.table(rows);
} finally {
  await Promise.all([rabbitmq.kill(), redis.kill()]);
  rmSync(directory, { recursive: true, force: true });
}
