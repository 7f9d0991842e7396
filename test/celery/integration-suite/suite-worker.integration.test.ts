import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { bareVhost } from '../worker/broker-fixtures.ts';
import { Bench } from '../worker/test-worker.ts';
import { SuiteWorker } from './suite-worker.ts';

describe("the worker for Celery's integration suite", () => {
  let bench: Bench;
  let worker: SuiteWorker;
  let redis: Redis;

  beforeAll(async () => {
    bench = await Bench.set(bareVhost);
    redis = new Redis(bench.redis.url);
    worker = new SuiteWorker({
      TEST_BROKER: bench.vhost.url,
      TEST_BACKEND: bench.redis.url,
      NODENAME: 'suite@here',
      CONCURRENCY: '2',
    });
    await worker.ready();
  });

  afterAll(async () => {
    await worker.stop();
    await redis.quit();
    await bench.clear();
  });

  it('runs the tasks of the suite, and says who ran them', async () => {
    const id = await bench.send({ task: 't.integration.tasks.add', args: [2, 3] });
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result: 5 });
    const stored = await redis.get(`celery-task-meta-${id}`);
    expect(JSON.parse(String(stored))).toMatchObject({
      worker: 'suite@here',
      name: 't.integration.tasks.add',
    });
  });

  it('has the Redis of its results where the suite looks for what tasks left', async () => {
    const id = await bench.send({ task: 't.integration.tasks.redis_echo', args: ['here'] });
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS' });
    expect(await redis.lrange('redis-echo', 0, -1)).toEqual(['here']);
  });

  it('runs a task with a time limit in a thread, which knows the limits', async () => {
    const id = await bench.send({ task: 't.integration.tasks.task_with_declared_time_limits' });
    const result = { time_limit: 60, soft_time_limit: 45 };
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result });
  });

  it('ends as a worker does', async () => {
    expect(await worker.stop()).toBe(0);
  });
});
