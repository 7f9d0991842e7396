import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../../harness/eventually.ts';
import { Random } from '../../harness/random.ts';
import { Bench } from '../worker/test-worker.ts';
import { Accounts } from './accounts.ts';
import { FuzzedWorker } from './fuzzed-worker-process.ts';
import { fuzzMessage } from './task-messages.ts';

/** `FUZZ_SEED` has the messages of another run again, `FUZZ_MESSAGES` has more or fewer of them. */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const count = Number(process.env['FUZZ_MESSAGES'] ?? 20_000);

describe(`a worker that gets ${count} damaged messages (FUZZ_SEED=${seed})`, () => {
  let bench: Bench;
  let redis: Redis;
  let worker: FuzzedWorker;
  let accounts: Accounts;

  beforeAll(async () => {
    bench = await Bench.set();
    redis = new Redis(bench.redis.url);
    worker = new FuzzedWorker({ broker: bench.vhost.url, redis: bench.redis.url });
    await bench.delayable();
    const random = new Random(seed);
    const messages = Array.from({ length: count }, (_, number) => fuzzMessage(random, number));
    accounts = new Accounts({ bench, redis, messages, ended: worker.ended });
    await accounts.watch();
    for (const { content, properties } of messages) bench.channel.sendToQueue('celery', content, properties);
    await bench.channel.waitForConfirms();
    await eventually(async () => {
      await worker.checkAlive();
      expect(await bench.waiting('celery')).toBe(0);
    }, 300_000);
  }, 400_000);

  afterAll(async () => {
    worker?.kill();
    redis?.disconnect();
    await bench?.clear();
  });

  it('has each accounted for: it ended, it waits, or it is in the dead letters and its caller knows', async () => {
    await eventually(
      async () => {
        const gaps = await accounts.gaps();
        expect({ seed, count: gaps.length, first: gaps.slice(0, 20) }).toEqual({ seed, count: 0, first: [] });
      },
      Number(process.env['PATIENCE'] ?? 60_000),
    );
  }, 90_000);

  it('holds none of them any longer', async () => {
    await eventually(async () =>
      expect(await bench.depth('celery')).toEqual({ ready: 0, unacknowledged: 0 }),
    );
  });

  it('got good ones among them, bad ones, and some that have to wait', () => {
    const { dead, delayed, stored, ended } = accounts;
    const share = (names: ReadonlySet<string>) => names.size / count;
    expect(share(dead)).toBeGreaterThan(0.1);
    expect(share(stored)).toBeGreaterThan(0.3);
    expect(share(ended)).toBeGreaterThan(0.2);
    expect(delayed.size).toBeGreaterThan(0);
  });

  it('is alive and well: it runs a good task, and ends when it is told to', async () => {
    await worker.checkAlive();
    const id = await bench.send({ task: 'tests.add', args: [20, 22] });
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result: 42 });
    expect(await worker.stop()).toEqual({ code: 0, errors: '' });
  });
});
