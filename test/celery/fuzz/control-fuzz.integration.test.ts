import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Random } from '../../harness/random.ts';
import { Bench } from '../worker/test-worker.ts';
import { fuzzControl } from './control-messages.ts';
import { FuzzedWorker } from './fuzzed-worker-process.ts';

/** `FUZZ_SEED` has the messages of another run again. */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const count = 3_000;

describe(`a worker that gets ${count} damaged messages of remote control (FUZZ_SEED=${seed})`, () => {
  let bench: Bench;
  let worker: FuzzedWorker;
  const replies: string[] = [];

  beforeAll(async () => {
    bench = await Bench.set();
    worker = new FuzzedWorker({ broker: bench.vhost.url, redis: bench.redis.url });
    await bench.delayable();
    const { channel } = bench;
    await channel.assertExchange('reply.celery.pidbox', 'direct', { durable: false });
    const { queue } = await channel.assertQueue('', { exclusive: true, durable: false });
    await channel.bindQueue(queue, 'reply.celery.pidbox', 'asked');
    await channel.consume(queue, (message) => replies.push(String(message?.content)), { noAck: true });
    await eventually(ping);
    const random = new Random(seed);
    for (let number = 0; number < count; number += 1) {
      const { content, properties } = fuzzControl(random);
      channel.publish('celery.pidbox', '', content, properties);
    }
    await channel.waitForConfirms();
  }, 120_000);

  afterAll(async () => {
    worker?.kill();
    await bench?.clear();
  });

  /** Asks the worker, and waits a little for its answer. */
  async function ping(): Promise<void> {
    const reply_to = { exchange: 'reply.celery.pidbox', routing_key: 'asked' };
    const before = replies.length;
    bench.channel.publish(
      'celery.pidbox',
      '',
      Buffer.from(JSON.stringify({ method: 'ping', arguments: {}, reply_to })),
      {
        contentType: 'application/json',
      },
    );
    await eventually(() => expect(replies.length).toBeGreaterThan(before), 5_000);
    expect(JSON.parse(replies.at(-1) ?? '')).toEqual({ 'fuzzed@here': { ok: 'pong' } });
  }

  it('answers afterwards as before', async () => {
    await eventually(async () => {
      await worker.checkAlive();
      await ping();
    }, 60_000);
  }, 90_000);

  it('is alive and well: it runs a good task, and ends when it is told to', async () => {
    await worker.checkAlive();
    const id = await bench.send({ task: 'tests.echo', args: [42] });
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result: [[42], {}] });
    expect(await worker.stop()).toEqual({ code: 0, errors: '' });
  });
});
