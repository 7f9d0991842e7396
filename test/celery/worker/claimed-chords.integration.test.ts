import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../../harness/eventually.ts';
import { debianCelery } from '../celery-installations.ts';
import { PythonWorker } from '../client/python-worker.ts';
import { describeEachCelery } from '../interop/each-celery.ts';
import { bareVhost } from './broker-fixtures.ts';
import { Bench, type TestWorker } from './test-worker.ts';

function call(task: string, options: Readonly<Record<string, unknown>>) {
  return { task, args: [], kwargs: {}, options, subtask_type: null, immutable: false };
}
const keyOf = (group: string) => `celery-taskset-meta-${group}`;

/** The only part of a chord, as it is entered. */
const onlyPart = (group: string) =>
  ({ group, id: `part-${group}`, index: 0, state: 'SUCCESS', result: 7 }) as const;

/** The message of that part once more. */
const again = (group: string, task: string, body: object) => ({
  task,
  id: `part-${group}`,
  args: [7],
  embed: { chord: body },
  headers: { group, group_index: 0 },
});

describe('the last part of a chord that another worker settles, and whose message comes to ours', () => {
  let bench: Bench;
  let redis: Redis;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
    redis = new Redis(bench.redis.url);
    worker = await bench.worker();
  });
  afterAll(async () => {
    redis?.disconnect();
    await bench?.clear();
  });

  /** Enters the part and claims the chord as Celery 5.7 does; its claims hold for some seconds, here for as long. */
  async function claimAsPython(group: string, seconds: number): Promise<void> {
    const key = keyOf(group);
    await bench.backend.setChordSize(group, 1);
    await redis.zadd(`${key}.j`, 0, JSON.stringify([1, `part-${group}`, 'SUCCESS', 7]));
    await redis.sadd(`${key}.d`, `part-${group}:0`);
    await redis.set(`${key}.c`, 'a token of Python', 'EX', seconds);
  }

  const sendPart = (group: string) =>
    bench.send(again(group, 'tests.echo', call('tests.echo', { task_id: `body-${group}` })));
  const counted = (group: string) => worker.told('succeeded').some((event) => event.id === `part-${group}`);
  const runsOf = (id: string) => worker.told('started').filter((event) => event.id === id).length;

  it('waits for the claim, and sends no body where that has been sent', async () => {
    await claimAsPython('sent', 60);
    await sendPart('sent');
    await bench.stored('part-sent', ['SUCCESS']);
    await bench.result(await bench.send({ args: [1, 2] }));
    expect(counted('sent')).toBe(false);
    // What Celery does once it has sent the body.
    const key = keyOf('sent');
    await redis
      .multi()
      .del(`${key}.j`, `${key}.t`, `${key}.s`, `${key}.d`)
      .set(`${key}.c`, 'done', 'EX', 300)
      .exec();
    await eventually(() => expect(counted('sent')).toBe(true));
    await bench.result(await bench.send({ args: [1, 2] }));
    expect(runsOf('body-sent')).toBe(0);
    expect(await redis.keys(`${key}.*`)).toEqual([`${key}.c`]);
  });

  it('sends the body where the other one died', async () => {
    await claimAsPython('dead', 2);
    await sendPart('dead');
    expect(await bench.result('body-dead')).toMatchObject({ status: 'SUCCESS', result: [[[7]], {}] });
    await eventually(() => expect(counted('dead')).toBe(true));
    expect(runsOf('body-dead')).toBe(1);
    expect(await redis.keys(`${keyOf('dead')}.*`)).toEqual([]);
  });

  it('sends the body of a run that a client of before 5.7 began, who leaves the mark of the one before', async () => {
    await redis.set(`${keyOf('rerun')}.c`, 'done', 'EX', 300);
    await redis.set(`${keyOf('rerun')}.s`, 1);
    await sendPart('rerun');
    expect(await bench.result('body-rerun')).toMatchObject({ status: 'SUCCESS' });
  });

  it('fails the body once, with its errback, when the part failed and its message comes again', async () => {
    const body = call('tests.echo', {
      task_id: 'body-bad',
      link_error: [call('tests.echo', { task_id: 'e' })],
    });
    await bench.backend.setChordSize('bad', 1);
    for (let time = 1; time <= 2; time += 1) {
      await bench.send(again('bad', 'tests.fail', body));
      const failures = () => worker.told('failed').filter(({ id }) => id === 'part-bad').length;
      await eventually(() => expect(failures()).toBe(time));
    }
    expect(await bench.result('body-bad')).toMatchObject({ status: 'FAILURE' });
    await bench.result('e');
    await bench.result(await bench.send({ args: [1, 2] }));
    expect(runsOf('e')).toBe(1);
  });
});

describeEachCelery('the last part of a chord that our worker settles', (python) => {
  it('has its body sent once, also where its message comes to a worker of Python', async () => {
    const bench = await Bench.set(bareVhost);
    const redis = new Redis(bench.redis.url);
    const worker = new PythonWorker({ python, broker: bench.vhost.url, backend: bench.redis.url });
    try {
      const body = call('note', { task_id: 'body', queue: 'celery' });
      const runs = async () => redis.llen('noted');
      const pass = async () => bench.result(await bench.send({ task: 'identity', args: [1] }), 60_000);
      await bench.channel.assertQueue('celery', { durable: true });
      await pass();
      await bench.backend.setChordSize('ours', 1);
      const ended = await bench.backend.addChordPart(onlyPart('ours'));
      expect(await bench.backend.holdChord('ours', String(ended?.claim))).toBe(true);
      // While ours is about to send it. A release that knows no claims sends it as well, and takes the chord away.
      await bench.send(again('ours', 'identity', body));
      await bench.result('part-ours');
      for (let chaser = 0; chaser < 10; chaser += 1) await pass();
      expect(await runs()).toBe(python === debianCelery()?.python ? 1 : 0);
      await bench.backend.forgetChord('ours', String(ended?.claim));
      expect(await redis.keys(`${keyOf('ours')}.*`)).toEqual([]);
    } finally {
      await worker.stop();
      redis.disconnect();
      await bench.clear();
    }
  }, 120_000);
});
