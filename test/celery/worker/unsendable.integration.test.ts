import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Bench, type TestWorker } from './test-worker.ts';

/** A call as clients write it into other messages. */
function call(task: string, options: Readonly<Record<string, unknown>> = {}) {
  return { task, args: [], kwargs: {}, options, subtask_type: null, immutable: true };
}

describe('a task that leads to one that can never be sent', () => {
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
    worker = await bench.worker();
  });
  afterAll(() => bench?.clear());

  it.each([
    ['an exchange that does not exist', { exchange: 'no-such-exchange' }],
    ['a queue whose name is too long', { queue: 'x'.repeat(300) }],
    ['a queue that the broker keeps to itself', { queue: 'amq.reserved' }],
    ['headers that are too large', { headers: { much: 'x'.repeat(150_000) } }],
    ['a time that is none', { eta: 'tomorrow' }],
  ])('fails once, and its message is gone: %s', async (_, options) => {
    const before = worker.told('started').length;
    const id = await bench.send({ args: [1, 2], embed: { callbacks: [call('tests.echo', options)] } });
    expect(await bench.result(id)).toMatchObject({ status: 'FAILURE' });
    expect(worker.told('started').length).toBe(before + 1);
    expect(await bench.waiting('celery')).toBe(0);
  });

  it('sends what a header holds that JSON does not', async () => {
    const headers = { nan: Number.NaN };
    const text = JSON.stringify([
      [1, 2],
      {},
      { callbacks: [call('tests.echo', { headers, task_id: 'odd' })] },
    ]);
    bench.channel.sendToQueue('celery', Buffer.from(text.replace('"nan":null', '"nan":NaN')), {
      contentType: 'application/json',
      headers: { task: 'tests.add', id: 'before-odd' },
    });
    expect(await bench.result('odd')).toMatchObject({ status: 'SUCCESS' });
  });

  it('has failed all the same when it is its errback that cannot be sent', async () => {
    const errbacks = [call('tests.echo', { exchange: 'no-such-exchange' }), call('tests.echo')];
    const id = await bench.send({ task: 'tests.fail', embed: { errbacks } });
    expect(await bench.result(id)).toMatchObject({ status: 'FAILURE', result: { exc_type: 'ValueError' } });
    // The failure is stored before its errbacks are sent.
    await eventually(() => {
      expect(worker.log.lines.map(({ message }) => message)).toContain('an errback can never be sent');
      expect(worker.told('failed').filter((event) => event.id === id)).toHaveLength(1);
    });
  });
});
