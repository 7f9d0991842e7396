import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Bench, type TestWorker } from './test-worker.ts';

function call(task: string, options: Readonly<Record<string, unknown>>) {
  return { task, args: [], kwargs: {}, options, subtask_type: null, immutable: false };
}

describe('a part of a chord that succeeded, and whose message comes again', () => {
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
  });
  afterEach(() => worker?.stop());
  afterAll(() => bench?.clear());

  /** Sends a part of a chord whose worker is gone before it acknowledged it; another worker starts then. */
  async function sendAgain(group: string, id: string, body: object): Promise<void> {
    const headers = { group, group_index: 0 };
    await bench.send({ task: 'tests.echo', id, embed: { chord: body }, headers });
    await eventually(async () => {
      const message = await bench.channel.get('celery');
      if (message === false) throw new Error('it has not arrived');
      bench.channel.nack(message, false, true);
    });
    worker = await bench.worker();
    await eventually(() => expect(worker.told('duplicate').map((event) => event.id)).toEqual([id]));
  }

  const runs = (id: string) => worker.told('started').filter((event) => event.id === id).length;

  /** A task behind all others of its queue, so that those have ended. */
  async function passAll(): Promise<void> {
    await bench.result(await bench.send({ args: [1, 2] }));
  }

  it('is counted where its worker had stored the result and not come so far', async () => {
    await bench.backend.setChordSize('g1', 1);
    await bench.backend.store({ id: 'p1', state: 'SUCCESS', result: 7 });
    await sendAgain('g1', 'p1', call('tests.echo', { task_id: 'b1' }));
    expect(await bench.result('b1')).toMatchObject({ status: 'SUCCESS', result: [[[7]], {}] });
    expect([runs('p1'), runs('b1')]).toEqual([0, 1]);
  });

  it('is not counted twice: it waits for the others as before', async () => {
    await bench.backend.setChordSize('g2', 2);
    await bench.backend.store({ id: 'p2', state: 'SUCCESS', result: 7 });
    await bench.backend.addChordPart({ group: 'g2', id: 'p2', index: 0, state: 'SUCCESS', result: 7 });
    await sendAgain('g2', 'p2', call('tests.echo', { task_id: 'b2' }));
    await passAll();
    expect(await bench.backend.read('b2')).toBeUndefined();
    const last = { group: 'g2', id: 'q2', index: 1, state: 'SUCCESS', result: 8 } as const;
    expect((await bench.backend.addChordPart(last))?.parts.map(({ result }) => result)).toEqual([7, 8]);
  });

  it('does not send the body again that was sent', async () => {
    await bench.backend.setChordSize('g3', 1);
    await bench.backend.store({ id: 'p3', state: 'SUCCESS', result: 7 });
    const part = { group: 'g3', id: 'p3', index: 0, state: 'SUCCESS', result: 7 } as const;
    await bench.backend.forgetChord('g3', String((await bench.backend.addChordPart(part))?.claim));
    await sendAgain('g3', 'p3', call('tests.echo', { task_id: 'b3' }));
    await passAll();
    expect(runs('b3')).toBe(0);
  });

  it('does not call the errback of a body again that failed for another part', async () => {
    const body = call('tests.echo', { task_id: 'b4', link_error: [call('tests.echo', { task_id: 'e4' })] });
    await bench.backend.setChordSize('g4', 2);
    await bench.backend.store({ id: 'p4', state: 'SUCCESS', result: 7 });
    await bench.backend.addChordPart({ group: 'g4', id: 'p4', index: 0, state: 'SUCCESS', result: 7 });
    worker = await bench.worker();
    const headers = { group: 'g4', group_index: 1 };
    await bench.send({ task: 'tests.fail', embed: { chord: body }, headers });
    expect(await bench.result('b4')).toMatchObject({ status: 'FAILURE' });
    await bench.result('e4');
    await eventually(async () => expect(await bench.waiting('celery')).toBe(0));
    await worker.stop();
    await sendAgain('g4', 'p4', body);
    await passAll();
    expect(runs('e4')).toBe(0);
  });
});
