import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisKey } from '../../../workers/platform/redis-keys.ts';
import { eventually } from '../../harness/eventually.ts';
import { Bench, type TestWorker } from './test-worker.ts';

describe('a rate limit', () => {
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
    worker = await bench.worker({ concurrency: 8 });
  });
  afterAll(() => bench?.clear());

  async function times(task: string, count: number, queueOf = (_: number) => 'celery') {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1)
      ids.push(await bench.send({ task, queue: queueOf(index) }));
    const results = await Promise.all(ids.map((id) => bench.result(id)));
    return results.map(({ result }) => Number(result)).sort((a, b) => a - b);
  }
  const span = (all: readonly number[]) => (all.at(-1) ?? 0) - (all[0] ?? 0);

  it('spreads the runs of a task in a worker', async () => {
    expect(span(await times('tests.limited', 6))).toBeGreaterThanOrEqual(1_200);
  });

  it("holds for all workers together where it is the cluster's", async () => {
    await bench.worker({ queues: [{ name: 'second' }], nodeName: 'second@here' });
    const key = redisKey('taskRate', { task: 'tests.shared_limit' });
    const kept = eventually(async () => expect(await bench.keys('*rate:*')).toContain(key), 20_000);
    const all = await times('tests.shared_limit', 8, (index) => (index % 2 === 0 ? 'celery' : 'second'));
    await kept;
    expect(span(all)).toBeGreaterThanOrEqual(1_700);
  });

  it('does not hold other tasks back', async () => {
    worker.worker.view.setRateLimit('tests.limited', '1/m');
    for (let index = 0; index < 4; index += 1) await bench.send({ task: 'tests.limited' });
    const id = await bench.send({ args: [1, 1] });
    expect(await bench.result(id)).toMatchObject({ result: 2 });
  });

  it('can be changed while tasks wait for it, and is then shown', async () => {
    expect(worker.worker.view.limitsOf('tests.limited').rate).toBe('1/m');
    const waiting = worker.worker.view.reserved().map(({ request }) => request.id);
    expect(waiting.length).toBeGreaterThanOrEqual(3);
    worker.worker.view.setRateLimit('tests.limited', 0);
    for (const id of waiting) await bench.result(id);
    expect(worker.worker.view.limitsOf('tests.limited').rate).toBeUndefined();
    await eventually(() => expect(worker.worker.view.reserved()).toEqual([]));
  });

  it('that cannot be read is refused', () => {
    expect(() => worker.worker.view.setRateLimit('tests.limited', 'often')).toThrow(RangeError);
  });
});
