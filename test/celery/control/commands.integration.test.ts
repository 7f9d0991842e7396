import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { eventually } from '../../harness/eventually.ts';
import { describeEachCelery } from '../interop/each-celery.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { ControlClient } from './control-client.ts';

describeEachCelery('what a worker is told to do', (python) => {
  const nodeName = 'led@here';
  const destination = [nodeName];
  let bench: Bench;
  let worker: TestWorker;
  let client: ControlClient;

  beforeAll(async () => {
    bench = await Bench.set();
    client = new ControlClient(bench.vhost.url, python);
  });
  afterAll(async () => {
    await client?.stop();
    await bench?.clear();
  });
  beforeEach(async () => {
    worker = await bench.worker({ monitoring: celeryMonitoring, nodeName, concurrency: 2 });
    await client.reach([nodeName]);
  });
  afterEach(() => worker.stop());

  /** A method of `app.control` itself, as Python's programs call it. */
  const call = async (method: string, args: readonly unknown[], kwargs: object = {}) =>
    client.call(method, args, { ...kwargs, destination, reply: true, timeout: 5, limit: 1 });
  const answers = (text: string) => [{ [nodeName]: { ok: text } }];
  const refuses = (text: string) => [{ [nodeName]: { error: text } }];
  const started = (id: string) =>
    eventually(() => expect(worker.told('started').map((event) => event.id)).toContain(id));

  it('limits the rate of a task, and lifts the limit', async () => {
    expect(await call('rate_limit', ['tests.add', '1/h'])).toEqual(
      answers('new rate limit set successfully'),
    );
    expect(await client.inspect('registered')).toContain('tests.add [rate_limit=1/h]');
    await bench.result(await bench.send({ args: [1, 1] }));
    const waits = await bench.send({ args: [1, 2] });
    await eventually(() => expect(worker.worker.view.reserved()).toHaveLength(1));
    expect(await call('rate_limit', ['tests.add', 0])).toEqual(answers('rate limit disabled successfully'));
    expect(await bench.result(waits)).toMatchObject({ result: 3 });
    expect(await call('rate_limit', ['tests.of_nobody', '1/m'])).toEqual(refuses('unknown task'));
    expect(await call('rate_limit', ['tests.add', 'often'])).toEqual(
      refuses("Invalid rate limit string: 'often'"),
    );
    expect(await call('rate_limit', ['tests.add', 5])).toEqual(answers('new rate limit set successfully'));
  });

  it('limits the time of a task', async () => {
    expect(await call('time_limit', ['tests.sleep'], { soft: 0.2, hard: 60 })).toEqual(
      answers('time limits set successfully'),
    );
    const id = await bench.send({ task: 'tests.sleep', args: [60_000] });
    expect(await bench.result(id)).toMatchObject({ result: { exc_type: 'SoftTimeLimitExceeded' } });
    expect(await client.inspect('registered', ['time_limit', 'soft_time_limit'])).toContain(
      'tests.sleep [time_limit=60 soft_time_limit=0.2]',
    );
    expect(await call('time_limit', ['tests.of_nobody'], { soft: 1 })).toEqual(refuses('unknown task'));
    expect(await call('time_limit', ['tests.add'], { soft: -1 })).toEqual(
      refuses('a time limit is a number of seconds'),
    );
  });

  it('runs more or fewer tasks at the same time, and holds as many more or fewer', async () => {
    const seen = async () => {
      const stats = await client.inspect('stats');
      expect(stats).toBeInstanceOf(Object);
      return stats;
    };
    expect(await call('pool_grow', [3])).toEqual(answers('pool will grow'));
    await eventually(async () =>
      expect(await seen()).toMatchObject({ pool: { 'max-concurrency': 5 }, prefetch_count: 20 }),
    );
    expect(await call('pool_shrink', [4])).toEqual(answers('pool will shrink'));
    await eventually(async () =>
      expect(await seen()).toMatchObject({ pool: { 'max-concurrency': 1 }, prefetch_count: 4 }),
    );
    expect(await client.control('pool_grow')).toEqual({ ok: 'pool will grow' });
    expect(await client.control('pool_grow', { n: 'many' })).toMatchObject({
      error: expect.stringContaining('TypeError('),
    });
    expect(await client.control('pool_grow', { n: 1e9 })).toMatchObject({
      error: expect.stringContaining('ValueError('),
    });
    expect(worker.worker.view.figures().concurrency).toBe(2);
  });

  it('says what it does not do', async () => {
    expect(await call('autoscale', [5, 1])).toEqual(refuses("ValueError('Autoscale not enabled')"));
    expect(await call('pool_restart', [])).toEqual(refuses("ValueError('Pool restarts not enabled')"));
  });

  it('follows the load between other limits where it follows the load at all', async () => {
    const other = await bench.worker({
      monitoring: celeryMonitoring,
      nodeName: 'scaled@here',
      autoscale: { max: 3, min: 1 },
    });
    await client.reach([nodeName, 'scaled@here']);
    const options = { destination: ['scaled@here'], reply: true, timeout: 5 };
    expect(await client.call('autoscale', [6, 2], options)).toEqual([
      { 'scaled@here': { ok: 'autoscale now max=6 min=2' } },
    ]);
    expect(await client.call('pool_grow', [1], options)).toEqual([
      {
        'scaled@here': {
          error: 'pool_grow is not supported with autoscale. Adjust autoscale range instead.',
        },
      },
    ]);
    expect(await client.call('inspect.stats', [], { destination: ['scaled@here'] })).toMatchObject({
      'scaled@here': { autoscaler: { max: 6, min: 2, current: 2, qty: 2 } },
    });
    await other.stop();
  });

  it('consumes one more queue, and no longer', async () => {
    expect(await call('add_consumer', ['more'], { exchange: 'more-of-it', routing_key: 'key' })).toEqual(
      answers('add consumer more'),
    );
    await eventually(async () =>
      expect(await client.inspect('active_queues')).toMatchObject([
        { name: 'celery' },
        { name: 'more', exchange: { name: 'more-of-it', type: 'direct' }, routing_key: 'key' },
      ]),
    );
    await eventually(() => expect(worker.told('subscribed').map(({ queue }) => queue)).toContain('more'));
    expect(await bench.result(await bench.send({ queue: 'more', args: [1, 2] }))).toMatchObject({
      result: 3,
    });
    expect(await call('add_consumer', ['more'])).toEqual(answers('add consumer more'));
    expect(await call('cancel_consumer', ['more'])).toEqual(answers('no longer consuming from more'));
    await eventually(async () =>
      expect(await client.inspect('active_queues')).toMatchObject([{ name: 'celery' }]),
    );
    await bench.send({ queue: 'more', args: [1, 2] });
    await eventually(async () => expect(await bench.waiting('more')).toBe(1));
  });

  it('sends events about tasks, or none', async () => {
    expect(await call('enable_events', [])).toEqual(answers('task events enabled'));
    expect(await call('enable_events', [])).toEqual(answers('task events already enabled'));
    expect(await call('disable_events', [])).toEqual(answers('task events disabled'));
    expect(await call('disable_events', [])).toEqual(answers('task events already disabled'));
    expect(await client.control('heartbeat')).toBeNull();
    expect(await client.control('election', { id: 'e', topic: 'leader' })).toBeNull();
  });

  it('does not run what is revoked, and stores that at once', async () => {
    expect(await call('revoke', ['one'])).toEqual(answers('tasks one flagged as revoked'));
    expect(await call('revoke', [['two', 'three']])).toEqual(answers('tasks two, three flagged as revoked'));
    expect(await client.inspect('revoked')).toEqual(['one', 'two', 'three']);
    expect(await bench.result('three')).toMatchObject({
      status: 'REVOKED',
      result: { exc_type: 'TaskRevokedError', exc_message: ['revoked'] },
    });
    await bench.send({ id: 'two', args: [1, 2] });
    await eventually(() => expect(worker.told('revoked')).toMatchObject([{ id: 'two', reason: 'revoked' }]));
    expect(worker.told('started')).toEqual([]);
  });

  it('ends what runs', async () => {
    const [first, second] = [
      await bench.send({ task: 'tests.sleep', args: [60_000] }),
      await bench.send({ task: 'tests.sleep', args: [60_000] }),
    ];
    await started(first);
    await started(second);
    expect(await call('revoke', [first], { terminate: true, signal: 'KILL' })).toEqual(
      answers(`terminate: ${first}`),
    );
    expect(await client.control('terminate', { task_id: [second], signal: 'SIGTERM' })).toEqual({
      ok: `terminate: ${second}`,
    });
    for (const id of [first, second]) {
      expect(await bench.result(id)).toMatchObject({
        status: 'REVOKED',
        result: { exc_message: ['terminated'] },
      });
    }
    expect(await call('revoke', ['elsewhere'], { terminate: true })).toEqual(
      answers('terminate: tasks unknown'),
    );
    expect(await call('revoke', [first], { terminate: true, signal: 'SIGNOTHING' })).toEqual(
      refuses("KeyError('SIGNOTHING')"),
    );
  });

  it('neither runs nor goes on with what carries a stamp that is revoked', async () => {
    const stamped = { stamped_headers: ['tenant'], stamps: { tenant: 'acme' }, tenant: 'acme' };
    const runs = await bench.send({ task: 'tests.sleep', args: [60_000], headers: stamped });
    await started(runs);
    const args = { headers: { tenant: ['acme'] }, terminate: true };
    expect(await client.control('revoke_by_stamped_headers', args)).toEqual({
      ok: "headers {'tenant': ['acme']} flagged as revoked and terminated",
    });
    expect(await bench.result(runs)).toMatchObject({ status: 'REVOKED' });
    // As the command line sends it.
    const more = await client.control('revoke_by_stamped_headers', { headers: ['tenant=other'] });
    expect(more).toEqual({ ok: "headers {'tenant': 'other'} flagged as revoked, but not terminated" });
    const other = { ...stamped, stamps: { tenant: 'other' } };
    expect(await bench.result(await bench.send({ args: [1, 2], headers: other }))).toMatchObject({
      status: 'REVOKED',
    });
    const third = { ...stamped, stamps: { tenant: 'third' } };
    expect(await bench.result(await bench.send({ args: [1, 2], headers: third }))).toMatchObject({
      result: 3,
    });
    expect(await client.control('revoke_by_stamped_headers', { headers: ['tenant'] })).toMatchObject({
      error: expect.stringContaining('TypeError('),
    });
  });

  it('ends, after the task that runs, without an answer', async () => {
    const id = await bench.send({ task: 'tests.sleep', args: [1_000] });
    await started(id);
    expect(await client.call('shutdown', [], { destination, reply: true, timeout: 0.5 })).toEqual([]);
    await worker.worker.ended;
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS' });
    expect(await client.call('inspect.ping', [], { timeout: 0.5 })).toBeNull();
  });
});
