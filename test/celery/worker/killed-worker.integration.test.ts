import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../../harness/eventually.ts';
import { Bench } from './test-worker.ts';

const program = fileURLToPath(new URL('./fixtures/recording-worker.ts', import.meta.url));
const calls = 1_000;
const concurrency = 8;

/** What a run of the task left behind. */
interface Effect {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly redelivered: boolean;
}

describe('a worker that is killed in the middle of a thousand late-acknowledged tasks', () => {
  let bench: Bench;
  let redis: Redis;
  let subscriber: Redis;
  const running = new Set<ChildProcess>();
  const ids = Array.from({ length: calls }, (_, index) => `killed-${index}`);
  /** Values that were announced as a SUCCESS, for each task. */
  const successes = new Map<string, unknown[]>();
  let effects: readonly (readonly Effect[])[] = [];
  let first: ChildProcess;
  let second: ChildProcess;
  /** When the broker knew of it, in milliseconds since 1970. */
  let seenAt: number;

  beforeAll(async () => {
    bench = await Bench.set();
    redis = new Redis(bench.redis.url);
    subscriber = new Redis(bench.redis.url);
    subscriber.on('pmessage', (_pattern, _channel, text) => {
      const { task_id: id, status, result } = JSON.parse(text);
      if (status === 'SUCCESS') successes.set(id, [...(successes.get(id) ?? []), result]);
    });
    await subscriber.psubscribe('celery-task-meta-*');
    first = await start(1);
    second = await start(2);
    for (const id of ids) bench.channel.sendToQueue('celery', Buffer.from('[[],{},null]'), call(id));
    await bench.channel.waitForConfirms();
    await eventually(() => expect(successes.size).toBeGreaterThan(calls / 4));
    first.kill('SIGKILL');
    seenAt = await brokerKnows(1);
    await eventually(() => expect(successes.size).toBe(calls), 120_000);
    effects = await Promise.all(ids.map(effectsOf));
  }, 240_000);

  afterAll(async () => {
    for (const each of running) each.kill('SIGKILL');
    subscriber?.disconnect();
    redis?.disconnect();
    await bench?.clear();
  });

  function call(id: string) {
    return {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      correlationId: id,
      headers: { lang: 'py', task: 'tests.record', id },
    };
  }

  async function start(consumers: number): Promise<ChildProcess> {
    const worker = spawn(process.execPath, ['--import', 'tsx', program], {
      env: {
        ...process.env,
        BROKER_URL: bench.vhost.url,
        REDIS_URL: bench.redis.url,
        CONCURRENCY: String(concurrency),
        RUN_MS: '30',
      },
      stdio: 'ignore',
    });
    running.add(worker);
    await brokerKnows(consumers);
    return worker;
  }

  /** @returns the time at which the queue has so many consumers */
  function brokerKnows(consumers: number): Promise<number> {
    return eventually(async () => {
      expect((await bench.channel.checkQueue('celery')).consumerCount).toBe(consumers);
      return Date.now();
    });
  }

  async function effectsOf(id: string): Promise<readonly Effect[]> {
    return (await redis.lrange(`effects:${id}`, 0, -1)).map((text) => JSON.parse(text));
  }

  it('was really in the middle: it had run some, and the broker took others back from it', () => {
    const runs = effects.flat();
    expect(runs.filter(({ pid }) => pid === first.pid).length).toBeGreaterThan(calls / 20);
    expect(runs.filter(({ redelivered }) => redelivered).length).toBeGreaterThan(0);
    expect(runs.filter(({ pid, at }) => pid === second.pid && at > seenAt).length).toBeGreaterThan(calls / 5);
  });

  it('leaves its tasks to the other worker, which begins each within two seconds', () => {
    const again = effects.flat().filter(({ redelivered }) => redelivered);
    expect(again.every(({ pid }) => pid === second.pid)).toBe(true);
    expect(Math.max(...again.map(({ at }) => at)) - seenAt).toBeLessThan(2_000);
  });

  it('loses none: each takes effect, and its message is gone', async () => {
    expect(ids.filter((_, index) => effects[index]?.length === 0)).toEqual([]);
    await eventually(async () =>
      expect(await bench.depth('celery')).toEqual({ ready: 0, unacknowledged: 0 }),
    );
    expect(await bench.waiting('celery.dead')).toBe(0);
  });

  it('has only those run twice that it was running', () => {
    const twice = effects.filter(({ length }) => length > 1);
    expect(twice.length).toBeLessThanOrEqual(concurrency);
    for (const runs of twice) {
      expect(runs).toEqual([
        expect.objectContaining({ pid: first.pid, redelivered: false }),
        expect.objectContaining({ pid: second.pid, redelivered: true }),
      ]);
    }
  });

  it('has no stored success replaced by that of another run', async () => {
    expect(ids.filter((id) => successes.get(id)?.length !== 1)).toEqual([]);
    for (const [index, id] of ids.entries()) {
      const { status, result } = await bench.result(id);
      expect([id, status, [result]]).toEqual([id, 'SUCCESS', successes.get(id)]);
      expect(effects[index]?.map(({ pid }) => pid)).toContain(result);
    }
  });

  it('still ends by itself, and with it the last of the tasks', async () => {
    const exit = once(second, 'exit');
    second.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });
});
