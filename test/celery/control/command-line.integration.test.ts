import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { eventually } from '../../harness/eventually.ts';
import { describeEachCelery } from '../interop/each-celery.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { ControlClient, celeryCommand } from './control-client.ts';

describeEachCelery('the command line', (python) => {
  const nodeName = 'typed@here';
  let bench: Bench;
  let worker: TestWorker;

  beforeAll(async () => {
    bench = await Bench.set();
    worker = await bench.worker({ monitoring: celeryMonitoring, nodeName, concurrency: 2 });
    const client = new ControlClient(bench.vhost.url, python);
    await client.reach([nodeName]);
    await client.stop();
    await bench.send({ task: 'tests.sleep', id: 'runs', args: [600_000] });
    await eventually(() => expect(worker.told('started')).toHaveLength(1));
    await worker.worker.view.revoke(['unwanted'], { terminate: false, signal: 'SIGTERM' });
  });
  afterAll(() => bench?.clear());

  const celery = (...args: string[]) => celeryCommand(bench.vhost.url, args, python);
  const answerTo = async (kind: 'inspect' | 'control', method: string, args: readonly string[]) => {
    const options = ['--timeout', '10', '--destination', nodeName, '--json'];
    const { output } = await celery(kind, ...options, method, ...args);
    return JSON.parse(output);
  };

  it('finds the worker', async () => {
    const { code, output } = await celery('status');
    expect(output).toContain(`${nodeName}: OK`);
    expect(output).toContain('1 node online.');
    expect(code).toBe(0);
  });

  it.each([
    ['ping', [], { ok: 'pong' }],
    ['active', [], [expect.objectContaining({ id: 'runs', name: 'tests.sleep' })]],
    ['reserved', [], []],
    ['scheduled', [], []],
    ['revoked', [], ['unwanted']],
    ['registered', [], expect.arrayContaining(['tests.add'])],
    ['stats', [], expect.objectContaining({ total: { 'tests.sleep': 1 } })],
    ['active_queues', [], [expect.objectContaining({ name: 'celery' })]],
    ['conf', [], expect.objectContaining({ worker_concurrency: 2 })],
    ['clock', [], { clock: expect.any(Number) }],
    ['report', [], { ok: expect.stringContaining(nodeName) }],
    ['query_task', ['runs'], { runs: ['active', expect.objectContaining({ id: 'runs' })] }],
    ['memsample', [], null],
    ['memdump', [], { error: expect.stringContaining('Node') }],
    ['objgraph', [], { error: expect.stringContaining('Node') }],
  ])('shows what the worker answers to celery inspect %s', async (method, args, answer) => {
    expect(await answerTo('inspect', method, args)).toEqual({ [nodeName]: answer });
  });

  it.each([
    ['rate_limit', ['tests.add', '10/m'], { ok: 'new rate limit set successfully' }],
    ['time_limit', ['tests.add', '20', '30'], { ok: 'time limits set successfully' }],
    ['pool_grow', ['2'], { ok: 'pool will grow' }],
    ['pool_shrink', ['1'], { ok: 'pool will shrink' }],
    ['pool_restart', [], { error: "ValueError('Pool restarts not enabled')" }],
    ['autoscale', ['4', '2'], { error: "ValueError('Autoscale not enabled')" }],
    ['add_consumer', ['typed', 'typed-exchange', 'direct', 'key'], { ok: 'add consumer typed' }],
    ['cancel_consumer', ['typed'], { ok: 'no longer consuming from typed' }],
    ['enable_events', [], { ok: 'task events enabled' }],
    ['disable_events', [], { ok: 'task events disabled' }],
    ['heartbeat', [], null],
    ['revoke', ['one', 'two'], { ok: expect.stringContaining('flagged as revoked') }],
    ['terminate', ['SIGTERM', 'runs'], { ok: 'terminate: runs' }],
  ])('has the worker do celery control %s', async (method, args, answer) => {
    expect(await answerTo('control', method, args)).toEqual([{ [nodeName]: answer }]);
  });

  it('has changed the worker by all that', async () => {
    const { view } = worker.worker;
    expect(view.limitsOf('tests.add')).toEqual({ rate: '10/m', soft: 20, hard: 30 });
    expect(view.figures().concurrency).toBe(3);
    expect(view.revoked()).toEqual(expect.arrayContaining(['one', 'two', 'runs']));
    expect(await bench.result('runs')).toMatchObject({ status: 'REVOKED' });
  });

  it('ends the worker', async () => {
    await celery('control', '--destination', nodeName, '--timeout', '0.5', 'shutdown');
    await worker.worker.ended;
    const { code, output } = await celery('inspect', '--timeout', '0.5', 'ping');
    expect(output).not.toContain('pong');
    expect(code).not.toBe(0);
  });
});
