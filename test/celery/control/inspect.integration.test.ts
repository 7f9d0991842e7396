import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { eventually } from '../../harness/eventually.ts';
import { describeEachCelery } from '../interop/each-celery.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { ControlClient } from './control-client.ts';

describeEachCelery('what is inspected of a worker', (python) => {
  const nodeName = 'seen@here';
  let bench: Bench;
  let worker: TestWorker;
  let client: ControlClient;

  beforeAll(async () => {
    bench = await Bench.set();
    worker = await bench.worker({
      monitoring: celeryMonitoring,
      nodeName,
      concurrency: 1,
      prefetchMultiplier: 8,
    });
    client = new ControlClient(bench.vhost.url, python);
    await client.reach([nodeName]);
  });
  afterAll(async () => {
    await client?.stop();
    await bench?.clear();
  });

  it('is there', async () => {
    expect(await client.inspect('ping')).toEqual({ ok: 'pong' });
  });

  it('runs, waits for a slot, and waits for its time', async () => {
    const headers = { argsrepr: '(60000,)', kwargsrepr: '{}' };
    const runs = await bench.send({ task: 'tests.sleep', args: [60_000], headers });
    await eventually(() => expect(worker.told('started').map(({ id }) => id)).toEqual([runs]));
    const waits = await bench.send({ args: [1, 2] });
    await eventually(async () => expect(await client.inspect('reserved')).toHaveLength(1));
    const info = {
      name: 'tests.sleep',
      type: 'tests.sleep',
      hostname: nodeName,
      acknowledged: false,
      delivery_info: { exchange: '', routing_key: 'celery', priority: 0, redelivered: false },
      worker_pid: process.pid,
    };
    const started = expect.any(Number);
    expect(await client.inspect('active')).toEqual([
      { ...info, id: runs, args: [60_000], kwargs: {}, time_start: started },
    ]);
    expect(await client.control('active', { safe: true })).toEqual([
      { ...info, id: runs, args: '(60000,)', kwargs: '{}', time_start: started },
    ]);
    expect(await client.inspect('reserved')).toMatchObject([
      { id: waits, time_start: null, worker_pid: null, acknowledged: false },
    ]);
    // The broker holds what waits long; what waits in the worker is what cannot be delayed there, or is due soon.
    const soon = new Date(Date.now() + 20_000).toISOString();
    const later = await bench.send({ args: [1, 2], headers: { eta: soon } });
    await eventually(async () =>
      expect(await client.inspect('scheduled')).toEqual([
        { eta: soon.replace('Z', '+00:00'), priority: 6, request: expect.objectContaining({ id: later }) },
      ]),
    );
    expect(await client.inspect('reserved')).toHaveLength(1);
    expect(await client.inspect('query_task', [[runs, waits, later, 'unknown']])).toEqual({
      [runs]: ['active', expect.objectContaining({ id: runs })],
      [waits]: ['reserved', expect.objectContaining({ id: waits })],
      [later]: ['scheduled', expect.objectContaining({ id: later })],
    });
    expect(await client.control('query_task', { ids: runs })).toEqual({
      [runs]: ['active', expect.objectContaining({ id: runs })],
    });
    for (const old of ['dump_active', 'dump_reserved', 'dump_schedule']) {
      expect(await client.control(old)).toHaveLength(1);
    }
    await worker.worker.view.revoke([runs, later], { terminate: true, signal: 'SIGTERM' });
    await bench.result(waits);
  });

  it('knows these tasks, with the limits in force', async () => {
    const tasks = await client.inspect('registered');
    expect(tasks).toEqual(expect.arrayContaining(['tests.add', 'tests.limited [rate_limit=4/s]']));
    expect(JSON.stringify(tasks)).not.toContain('celery.');
    expect(await client.control('dump_tasks')).toEqual(tasks);
    expect(await client.inspect('registered', ['max_retries', 'acks_late'])).toEqual(
      expect.arrayContaining([
        'tests.early [max_retries=3 acks_late=False]',
        'tests.autoretry [max_retries=2 acks_late=True]',
      ]),
    );
    expect(await client.control('registered', { builtins: true })).toEqual(
      expect.arrayContaining(['celery.backend_cleanup', 'tests.add']),
    );
  });

  it('has figures that Flower shows', async () => {
    await bench.result(await bench.send({ args: [1, 2], headers: { shadow: 'shown as this' } }));
    expect(await client.inspect('stats')).toMatchObject({
      total: { 'shown as this': 1 },
      pid: process.pid,
      clock: expect.stringMatching(/^\d+$/),
      uptime: expect.any(Number),
      pool: { 'max-concurrency': 1, processes: [process.pid], timeouts: [0, 0] },
      broker: {
        hostname: '127.0.0.1',
        userid: expect.any(String),
        virtual_host: bench.vhost.vhost,
        port: expect.any(Number),
        ssl: false,
        transport: 'amqp',
        heartbeat: 10,
        alternates: [],
      },
      prefetch_count: 8,
      rusage: { utime: expect.any(Number), maxrss: expect.any(Number) },
    });
  });

  it('consumes these queues', async () => {
    const [queue] = (await client.inspect('active_queues')) as readonly object[];
    expect(queue).toMatchObject({
      name: 'celery',
      exchange: { name: 'celery', type: 'direct', durable: true },
      routing_key: 'celery',
      durable: true,
      exclusive: false,
      auto_delete: false,
      no_ack: false,
      alias: null,
      bindings: [],
    });
  });

  it('has these settings, without a password', async () => {
    const { password } = new URL(bench.vhost.url);
    for (const settings of [
      await client.inspect('conf'),
      await client.control('dump_conf', { with_defaults: true }),
    ]) {
      expect(settings).toMatchObject({ worker_concurrency: 1, task_serializer: 'json', timezone: 'UTC' });
      expect(JSON.stringify(settings)).not.toContain(password);
    }
    const report = await client.inspect('report');
    expect(report).toEqual({ ok: expect.stringContaining(`node:${process.versions.node}`) });
    expect(JSON.stringify(report)).not.toContain(password);
  });

  it('has heard of all that others sent before', async () => {
    const { clock } = (await client.inspect('clock')) as { readonly clock: number };
    await client.control('ping');
    const later = (await client.inspect('clock')) as { readonly clock: number };
    expect(later.clock).toBeGreaterThan(clock);
  });

  it('has no objects of Python to show, and says so', async () => {
    expect(await client.inspect('objgraph')).toEqual({ error: expect.stringContaining('Node') });
    expect(await client.inspect('memdump')).toEqual({ error: expect.stringContaining('Node') });
    expect(await client.inspect('memsample')).toBeNull();
  });

  it('answers a method that it does not have, and arguments that do not fit, as Python does', async () => {
    expect(await client.control('nosuch')).toEqual({ error: "KeyError('nosuch')" });
    expect(await client.control('query_task')).toEqual({
      error: `TypeError("query_task() missing 1 required positional argument: 'ids'")`,
    });
    expect(await client.control('constructor')).toEqual({ error: "KeyError('constructor')" });
  });
});
