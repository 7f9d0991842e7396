import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { eventually } from '../../harness/eventually.ts';
import { PythonWorker } from '../client/python-worker.ts';
import { EventWatcher, type SeenEvent } from '../events/event-watcher.ts';
import { describeEachCelery } from '../interop/each-celery.ts';
import { bareVhost } from '../worker/broker-fixtures.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { ControlCaller } from './control-caller.ts';

describeEachCelery('a worker beside workers of Python', (python) => {
  const [ours, theirs] = ['ours@here', 'theirs@here'];
  let bench: Bench;
  let worker: TestWorker;
  let neighbour: PythonWorker;
  let caller: ControlCaller;
  let watcher: EventWatcher;

  beforeAll(async () => {
    bench = await Bench.set(bareVhost);
    worker = await bench.worker({ monitoring: celeryMonitoring, nodeName: ours, queues: [{ name: 'ours' }] });
    await worker.worker.view.revoke(['before'], { terminate: false, signal: 'SIGTERM' });
    caller = await ControlCaller.open(bench.vhost.url);
    await caller.reach([ours]);
    watcher = await EventWatcher.open(bench.vhost.url, python);
    const addresses = { python, broker: bench.vhost.url, backend: bench.redis.url };
    neighbour = new PythonWorker({ ...addresses, nodeName: theirs, sociable: true });
    await caller.reach([ours, theirs]);
  }, 90_000);
  afterAll(async () => {
    await neighbour?.stop();
    await watcher?.close();
    await caller?.close();
    await bench?.clear();
  });

  it('tells them at their start what is revoked', async () => {
    await eventually(async () => expect(await caller.answer(theirs, 'revoked')).toContain('before'));
  });

  it('hears of them at its own start what is revoked', async () => {
    await caller.answer(theirs, 'revoke', { task_id: ['of-theirs'] });
    const late = await bench.worker({
      monitoring: celeryMonitoring,
      nodeName: 'late@here',
      queues: [{ name: 'late' }],
    });
    await eventually(() => expect(late.worker.view.revoked()).toContain('of-theirs'));
    await late.stop();
  });

  it('does not keep them from saying that they live, nor itself', async () => {
    const beats = (node: string) =>
      watcher.of('worker-heartbeat').filter(({ hostname }) => hostname === node);
    const before = { ours: beats(ours).length, theirs: beats(theirs).length };
    await eventually(() => {
      expect(beats(ours).length).toBeGreaterThan(before.ours + 1);
      expect(beats(theirs).length).toBeGreaterThan(before.theirs + 1);
    });
  });

  it('answers beside them, each in the words of its own', async () => {
    const ticket = caller.ask('ping');
    await eventually(() => expect(caller.whoAnswered(ticket)).toEqual([ours, theirs]));
    expect(caller.answersTo(ticket).map(({ body }) => Object.values(body))).toEqual([
      [{ ok: 'pong' }],
      [{ ok: 'pong' }],
    ]);
  });

  it('tells the same of tasks and of itself as they do, but for their offset in time', async () => {
    for (const node of [ours, theirs]) {
      expect(await caller.answer(node, 'enable_events')).toEqual({ ok: 'task events enabled' });
    }
    const mine = await bench.send({ task: 'tests.add', queue: 'ours', args: [1, 2] });
    const other = await bench.send({ task: 'add', queue: 'celery', args: [1, 2] });
    for (const type of ['task-received', 'task-started', 'task-succeeded']) {
      await eventually(() => {
        expect(fieldsOf(watcher.of(type, mine)[0])).toEqual(fieldsOf(watcher.of(type, other)[0]));
      });
    }
    const beat = (node: string) => watcher.of('worker-heartbeat').find(({ hostname }) => hostname === node);
    expect(fieldsOf(beat(ours))).toEqual(fieldsOf(beat(theirs)));
  });

  it('gives answers with at least the fields of theirs', async () => {
    for (const method of ['stats', 'active_queues']) {
      const [mine, other] = [await caller.answer(ours, method), await caller.answer(theirs, method)];
      expect(keysOf(mine)).toEqual(expect.arrayContaining([...keysOf(other)]));
    }
  });
});

/** Names of the fields of an event; fails where there is none yet. */
function fieldsOf(event: SeenEvent | undefined): readonly string[] {
  if (event === undefined) throw new Error('there is no such event yet');
  return Object.keys(event)
    .filter((name) => name !== 'utcoffset')
    .sort();
}

/** Names of all fields, also of the first item of a list. */
function keysOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return keysOf(value[0]);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
