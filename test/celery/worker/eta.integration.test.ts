import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { bareVhost } from './broker-fixtures.ts';
import { Bench, type TestWorker } from './test-worker.ts';

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe.each([
  ['quorum', () => freshVhost(smartEats)],
  ['classic', bareVhost],
] as const)('a task with a time, in a %s queue,', (type, makeVhost) => {
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set(makeVhost);
    worker = await bench.worker({ concurrency: 2, prefetchMultiplier: 2 });
    expect(worker.worker.view.queues()).toMatchObject([{ name: 'celery', type }]);
    await bench.delayable();
  });
  afterAll(() => bench?.clear());

  it('runs when its time has come, and soon after it', async () => {
    const sentAt = Date.now();
    const id = await bench.send({ task: 'tests.limited', headers: { eta: inSeconds(2.5) } });
    const { result } = await bench.result(id);
    expect(Number(result) - sentAt).toBeGreaterThanOrEqual(2_450);
    expect(Number(result) - sentAt).toBeLessThan(20_000);
  });

  it('is shown while the worker holds it', async () => {
    const id = await bench.send({ args: [1, 2], headers: { eta: inSeconds(2) } });
    await eventually(() =>
      expect(worker.worker.view.scheduled()).toMatchObject([
        { info: { request: { id }, acknowledged: false, startedAt: undefined } },
      ]),
    );
    expect(worker.worker.view.reserved()).toEqual([]);
    expect(await bench.result(id)).toMatchObject({ result: 3 });
  });

  it('keeps no other from running, however many wait and however long', async () => {
    for (let index = 0; index < 40; index += 1)
      await bench.send({ id: `waits-${index}`, args: [1, 1], headers: { eta: inSeconds(3600) } });
    const id = await bench.send({ args: [20, 3] });
    expect(await bench.result(id)).toMatchObject({ result: 23 });
    await eventually(async () =>
      expect(await bench.depth('celery')).toEqual({ ready: 0, unacknowledged: 0 }),
    );
    expect(await bench.backend.read('waits-0')).toBeUndefined();
  });

  it('runs only once though it waited at the broker', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `once-${index}`);
    for (const id of ids) await bench.send({ id, args: [1, 1], headers: { eta: inSeconds(3) } });
    for (const id of ids) expect(await bench.result(id)).toMatchObject({ result: 2 });
    const runs = worker.told('started').filter(({ id }) => id.startsWith('once-'));
    expect(runs).toHaveLength(12);
  });

  it('is revoked when it has expired by then', async () => {
    const id = await bench.send({ args: [1, 1], headers: { eta: inSeconds(1.5), expires: inSeconds(0.7) } });
    expect(await bench.result(id)).toMatchObject({
      status: 'REVOKED',
      result: { exc_type: 'TaskRevokedError', exc_message: ['expired'], exc_module: 'celery.exceptions' },
    });
  });

  it('keeps no other from running, also where it is due in minutes and may be held', async () => {
    for (let index = 0; index < 40; index += 1)
      await bench.send({ id: `soon-${index}`, args: [1, 1], headers: { eta: inSeconds(600) } });
    const id = await bench.send({ args: [40, 2] });
    expect(await bench.result(id)).toMatchObject({ result: 42 });
  });
});
