import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Bench, type TestWorker } from './test-worker.ts';

const revoked = (why: string) => ({
  status: 'REVOKED',
  result: { exc_type: 'TaskRevokedError', exc_message: [why], exc_module: 'celery.exceptions' },
});
const kindly = { terminate: false, signal: 'SIGTERM' };
const firmly = { terminate: true, signal: 'SIGTERM' };

describe('a task that is not wanted any more', () => {
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
    worker = await bench.worker({ concurrency: 1 });
  });
  afterAll(() => bench?.clear());

  const startedIds = () => worker.told('started').map(({ id }) => id);

  it('does not run when it is revoked before it arrives, and is known as revoked at once', async () => {
    await worker.worker.view.revoke(['unseen'], kindly);
    expect(await bench.result('unseen')).toMatchObject(revoked('revoked'));
    expect(worker.worker.view.revoked()).toContain('unseen');
    await bench.send({ id: 'unseen', args: [1, 2] });
    await eventually(() => expect(worker.told('revoked').map(({ id }) => id)).toContain('unseen'));
    expect(startedIds()).not.toContain('unseen');
  });

  it('does not run when it is revoked while it waits for its turn, and the one that runs is left alone', async () => {
    const runs = await bench.send({ task: 'tests.sleep', args: [1_500] });
    await eventually(() => expect(startedIds()).toContain(runs));
    const waits = await bench.send({ args: [1, 2] });
    await eventually(() => expect(worker.worker.view.reserved()).toHaveLength(1));
    await worker.worker.view.revoke([waits, runs], kindly);
    expect(await bench.result(waits)).toMatchObject(revoked('revoked'));
    expect(await bench.result(runs)).toMatchObject({ status: 'SUCCESS', result: 'rested' });
    expect(startedIds()).not.toContain(waits);
  });

  it('is ended while it runs when it is terminated', async () => {
    const id = await bench.send({ task: 'tests.sleep', args: [3_600_000] });
    await eventually(() => expect(startedIds()).toContain(id));
    await worker.worker.view.revoke([id], firmly);
    expect(await bench.result(id)).toMatchObject(revoked('terminated'));
    await eventually(() => expect(worker.worker.view.active()).toEqual([]));
  });

  it('does not run while it waits for its time', async () => {
    const eta = new Date(Date.now() + 3_600_000).toISOString();
    const id = await bench.send({ args: [1, 2], headers: { eta } });
    await eventually(() => expect(worker.told('received').map((event) => event.id)).toContain(id));
    await worker.worker.view.revoke([id], kindly);
    expect(await bench.result(id)).toMatchObject(revoked('revoked'));
  });

  it('is found by its stamps', async () => {
    const headers = { stamped_headers: ['batch'], stamps: { batch: ['b7'] } };
    const id = await bench.send({ task: 'tests.sleep', args: [3_600_000], headers });
    await eventually(() => expect(startedIds()).toContain(id));
    expect(await worker.worker.view.revokeByStamps({ batch: ['b7'] }, firmly)).toEqual([id]);
    expect(await bench.result(id)).toMatchObject(revoked('terminated'));
    const later = await bench.send({ args: [1, 2], headers });
    expect(await bench.result(later)).toMatchObject(revoked('revoked'));
  });

  it('keeps the result that it has already', async () => {
    const id = await bench.send({ args: [1, 2] });
    await bench.result(id);
    await worker.worker.view.revoke([id], firmly);
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result: 3 });
  });

  it('counts as a part of its chord', async () => {
    const body = {
      task: 'tests.echo',
      args: [],
      kwargs: {},
      options: { task_id: 'chord-body', queue: 'celery' },
      subtask_type: null,
      immutable: false,
    };
    await bench.backend.setChordSize('revoked-group', 1);
    await worker.worker.view.revoke(['chord-part'], kindly);
    await bench.send({
      id: 'chord-part',
      args: [1, 2],
      embed: { chord: body },
      headers: { group: 'revoked-group', group_index: 0 },
    });
    expect(await bench.result('chord-body')).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'ChordError' },
    });
  });
});
