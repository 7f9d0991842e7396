import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Bench, type TestWorker } from './test-worker.ts';

const json = { contentType: 'application/json', contentEncoding: 'utf-8' };

describe('a message that is no call of a task', () => {
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
    worker = await bench.worker();
  });
  afterAll(() => bench?.clear());

  const cases: readonly (readonly [
    string,
    Readonly<Record<string, unknown>>,
    string,
    object,
    string | null,
  ])[] = [
    ['names an unknown task', { task: 'tests.nosuch' }, '[[],{},null]', json, 'NotRegistered'],
    [
      'is pickled',
      { task: 'tests.add' },
      '\x80\x02',
      { contentType: 'application/x-python-serialize' },
      'ContentDisallowed',
    ],
    ['is not JSON', { task: 'tests.add' }, '[[1,2', json, null],
    ['names no task', {}, '[[1,2],{},null]', json, null],
    ['has a time that cannot be read', { task: 'tests.add', eta: 'tomorrow' }, '[[1,2],{},null]', json, null],
    ['has no body of three', { task: 'tests.add' }, '[[1,2]]', json, null],
    ['has a list of named arguments', { task: 'tests.add' }, '[[1,2],[],null]', json, null],
  ];

  it.each(cases)(
    'goes to the dead letters when it %s, and whoever waits hears of it',
    async (what, headers, body, properties, type) => {
      const id = `bad: ${what}`;
      const before = await bench.waiting('celery.dead');
      bench.channel.sendToQueue('celery', Buffer.from(body, 'latin1'), {
        ...properties,
        headers: { ...headers, id },
      });
      await eventually(async () => expect(await bench.waiting('celery.dead')).toBe(before + 1));
      if (headers['task'] === undefined) return;
      const { status, result } = await bench.result(id);
      expect(status).toBe('FAILURE');
      if (type !== null) expect(result).toMatchObject({ exc_type: type });
    },
  );

  it('without an id goes there too, and the worker goes on', async () => {
    const before = await bench.waiting('celery.dead');
    bench.channel.sendToQueue('celery', Buffer.from('[[1,2],{},null]'), {
      ...json,
      headers: { task: 'tests.add' },
    });
    bench.channel.sendToQueue('celery', Buffer.from(''), {});
    await eventually(async () => expect(await bench.waiting('celery.dead')).toBe(before + 2));
    expect(await bench.result(await bench.send({ args: [1, 2] }))).toMatchObject({ result: 3 });
    expect(worker.told('refused').length).toBeGreaterThanOrEqual(before + 2);
  });

  it('fails the chord that it is part of, which otherwise would wait for ever', async () => {
    const body = {
      task: 'tests.echo',
      args: [],
      kwargs: {},
      options: { task_id: 'body-of-bad', queue: 'celery' },
      subtask_type: null,
      immutable: false,
    };
    await bench.backend.setChordSize('bad-group', 1);
    await bench.send({
      task: 'tests.nosuch',
      embed: { chord: body },
      headers: { group: 'bad-group', group_index: 0 },
    });
    expect(await bench.result('body-of-bad')).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'ChordError' },
    });
  });
});
