import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import getPort from 'get-port';
import { smartEats } from '../../../workers/platform/platform.ts';
import { enqueueCommand } from '../../../workers/services/beat/enqueue-command.ts';
import { RedisConnection } from '../../../workers/state/redis-connection.ts';
import { createScheduleRuns } from '../../../workers/state/schedule-runs.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { MemoryLog } from '../../messaging/test-runtime.ts';

const main = fileURLToPath(new URL('../../../workers/services/main.ts', import.meta.url));

/** A message as the management API shows it. */
interface QueuedMessage {
  readonly payload: string;
  readonly properties: {
    readonly correlation_id: string;
    readonly delivery_mode: number;
    readonly headers: Readonly<Record<string, unknown>>;
  };
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a pod would. */
async function enqueue(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const command = ['--import', 'tsx', main, 'enqueue', ...args];
  const options = { env: { PATH: process.env['PATH'] ?? '', ...env } };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, command, options)) };
  } catch (error) {
    // A process that ended with another code than 0: execFile documents these fields.
    return error as Ended;
  }
}

let vhost: TestVhost;
beforeEach(async () => {
  vhost = await freshVhost(smartEats);
});
afterEach(() => vhost.drop());

async function queued(queue = 'celery'): Promise<readonly QueuedMessage[]> {
  const body = { count: 10, ackmode: 'ack_requeue_true', encoding: 'auto' };
  return vhost.json(`queues/${vhost.vhost}/${queue}/get`, { method: 'POST', body });
}

describe('the enqueue command', () => {
  it('publishes the task of an entry for the minute in the name of its Job, and ends', async () => {
    const env = { RABBITMQ_URL: vhost.url, JOB_NAME: 'cleanup-expired-carts-29841240' };
    // The minute may be far from the present when this test runs, so it is told as well.
    const ended = await enqueue(['cleanup-expired-carts', '--at', '2026-09-27T10:00:30Z'], env);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      msg: 'task published',
      taskId: 'cleanup-expired-carts-202609271000',
      queue: 'celery',
    });
    const [message, ...rest] = await queued();
    expect(rest).toEqual([]);
    expect(message?.properties).toMatchObject({
      correlation_id: 'cleanup-expired-carts-202609271000',
      delivery_mode: 2,
      headers: { task: 'tasks.cleanup_carts', id: 'cleanup-expired-carts-202609271000' },
    });
  });

  it('publishes the same message again for the same Job', async () => {
    const minute = Math.floor(Date.now() / 60_000) - 3;
    const env = { RABBITMQ_URL: vhost.url, JOB_NAME: `calculate-daily-analytics-${minute}` };
    for (const _ of ['first pod', 'second pod'])
      expect(await enqueueCommand(smartEats, ['calculate-daily-analytics'], env)).toBe(0);
    const [first, second] = await queued();
    const stamp = new Date(minute * 60_000).toISOString().slice(0, 16).replaceAll(/\D/g, '');
    expect(first?.properties.correlation_id).toBe(`calculate-daily-analytics-${stamp}`);
    expect([second?.payload, second?.properties]).toEqual([first?.payload, first?.properties]);
  });

  it('declares the task queues on a broker that does not have them, and nothing of the order flow', async () => {
    const bare = await freshVhost({ ...smartEats, exchanges: {}, queues: {}, taskQueues: {} });
    try {
      const args = ['cleanup-expired-carts', '--at', '2026-11-23T02:00Z'];
      expect(await enqueueCommand(smartEats, args, { CELERY_BROKER_URL: bare.url })).toBe(0);
      const queues = await bare.json<{ name: string; type: string }[]>(`queues/${bare.vhost}`);
      expect(queues).toContainEqual(expect.objectContaining({ name: 'celery', type: 'quorum' }));
      expect(queues.map(({ name }) => name)).not.toContain('order_created');
    } finally {
      await bare.drop();
    }
  });
});

describe('the enqueue command, of a run of the schedule,', () => {
  const minute = Math.floor(Date.now() / 60_000) - 3;
  const longAgo = new Date(0);
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.remove());

  /** Publishes a run of an entry. @returns when the entry last ran, as the alert of a missed run knows it */
  async function lastRunAfter(entry: string, ...args: readonly string[]): Promise<Date> {
    const env = { RABBITMQ_URL: vhost.url, REDIS_URL: redis.url, JOB_NAME: `${entry}-${minute}` };
    expect(await enqueueCommand(smartEats, [entry, ...args], env)).toBe(0);
    const connection = new RedisConnection({ REDIS_URL: redis.url }, new MemoryLog());
    try {
      return await createScheduleRuns(connection).lastRun(entry, longAgo);
    } finally {
      await connection.close();
    }
  }

  it('notes when it was due', async () => {
    expect(await lastRunAfter('calculate-daily-analytics')).toEqual(new Date(minute * 60_000));
  });

  it('notes nothing of one that somebody catches up', async () => {
    expect(await lastRunAfter('cleanup-expired-carts', '--at', '2026-11-23T02:00Z')).toEqual(longAgo);
  });

  it('publishes the task though Redis is away, and says that the run is not noted', async () => {
    const env = {
      RABBITMQ_URL: vhost.url,
      REDIS_URL: `redis://127.0.0.1:${await getPort()}`,
      JOB_NAME: `calculate-daily-analytics-${minute}`,
    };
    const { code, stdout } = await enqueue(['calculate-daily-analytics'], env);
    expect(code).toBe(0);
    expect(stdout).toContain('the run of the schedule could not be noted');
    expect(await queued()).toHaveLength(1);
  });
});

describe('the enqueue command ends with a clear line', () => {
  const errors: string[] = [];
  beforeEach(() => {
    errors.length = 0;
    jest.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('and code 1 when the broker does not confirm the task in time', async () => {
    const env = { RABBITMQ_HOST: '127.0.0.1', RABBITMQ_PORT: String(await getPort()), LOG_LEVEL: 'fatal' };
    const code = await enqueueCommand(smartEats, ['cleanup-expired-carts'], env, { patienceMs: 300 });
    expect(code).toBe(1);
    expect(errors).toEqual([
      'BROKER_UNAVAILABLE: cleanup-expired-carts was not published: RabbitMQ did not confirm the message within 0.3 s',
    ]);
  });

  it.each([
    [[], 'enqueue takes one entry of the schedule'],
    [['a', 'b'], 'enqueue takes one entry of the schedule'],
    [['a', '--at', 'noon'], '--at noon is no time with a time zone'],
    [['a', '--at', '2026-11-23T02:00'], '--at 2026-11-23T02:00 is no time with a time zone'],
    [['a', '--at', '2026-13-23T02:00Z'], '--at 2026-13-23T02:00Z is no time with a time zone'],
    [['a', '--when', 'now'], "Unknown option '--when'"],
  ])('and code 2 for the arguments %j', async (args, problem) => {
    expect(await enqueueCommand(smartEats, args, {})).toBe(2);
    expect(errors).toEqual([expect.stringContaining(problem)]);
    expect(errors[0]).toContain('Usage: main.ts enqueue <entry> [--at <ISO 8601 time>]');
  });

  it('for an entry that is not declared, before it asks for the broker', async () => {
    const { code, stderr } = await enqueue(['cleanup'], {});
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^SCHEDULE_ENTRY_UNKNOWN: cleanup is not in the schedule; its entries are: cleanup-/,
    );
  });

  it('for a variable that cannot be used', async () => {
    const { code, stderr } = await enqueue(['cleanup-expired-carts'], { RABBITMQ_URL: 'http://broker' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^CONFIG_INVALID: enqueue: 1 environment variable/);
  });
});
