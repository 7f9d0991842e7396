import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { type OwnBroker, ownVhost, startOwnBroker } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { debianCelery } from '../celery-installations.ts';
import { celeryCommand } from '../control/control-client.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { EventWatcher } from './event-watcher.ts';

const calls = 2_500;
const node = 'alarmed@here';
const python = debianCelery()?.python;

(python === undefined ? describe.skip : describe)('a watched worker whose broker has no memory left', () => {
  let broker: OwnBroker;
  let bench: Bench;
  let watcher: EventWatcher;
  let worker: TestWorker;

  beforeAll(async () => {
    broker = await startOwnBroker(smartEats);
    bench = await Bench.set(async () => ownVhost(broker));
    watcher = await EventWatcher.open(broker.url, String(python));
    await bench.channel.assertQueue('stored', { durable: true });
    for (let n = 0; n < calls; n += 1) bench.channel.sendToQueue('stored', body, call(`stored-${n}`));
    await bench.channel.waitForConfirms();
    worker = await bench.worker({ monitoring: celeryMonitoring, taskEvents: true, nodeName: node });
    await eventually(() => expect(heartbeats()).toBeGreaterThan(0));
  }, 120_000);

  afterAll(async () => {
    await watcher?.close();
    await bench?.clear();
    await broker?.remove();
  });

  const heartbeats = () => watcher.of('worker-heartbeat').filter(({ hostname }) => hostname === node).length;
  const runs = () => worker.told('succeeded').length;
  const status = () => celeryCommand(broker.url, ['status', '--timeout', '2'], String(python));

  it('is not seen, and works on', async () => {
    await broker.server.ctl('set_vm_memory_high_watermark', '0.00001');
    await eventually(() => expect(worker.worker.health()).toMatchObject({ connected: true, blocked: true }));
    const before = heartbeats();
    worker.worker.view.addConsumer({ name: 'stored' });
    await eventually(() => expect(runs()).toBe(calls), 60_000);
    // The request itself does not come through.
    expect((await status()).code).not.toBe(0);
    expect(worker.worker.health()).toMatchObject({ connected: true, blocked: true });
    expect(heartbeats()).toBe(before);
    expect(watcher.of('task-succeeded')).toEqual([]);
    expect(worker.told('lost')).toEqual([]);
  }, 120_000);

  it('is seen again once there is, with the newest of what happened meanwhile, and says how much it forgot', async () => {
    const before = heartbeats();
    await broker.server.ctl('set_vm_memory_high_watermark', '0.6');
    await eventually(() => expect(heartbeats()).toBeGreaterThan(before));
    await eventually(() => expect(watcher.of('task-succeeded', `stored-${calls - 1}`)).toHaveLength(1));
    expect(watcher.of('task-received', 'stored-0')).toEqual([]);
    // Each task has three events, of which 5 000 are kept.
    const lost = worker.log.lines.filter(({ fields }) => 'dropped' in fields);
    expect(lost).toMatchObject([{ fields: { dropped: 3 * calls - 5_000 } }]);
    await eventually(async () => expect((await status()).output).toContain(`${node}: OK`));
    expect(worker.told('lost')).toEqual([]);
  }, 120_000);
});

const body = Buffer.from('[[1,2],{},null]');

function call(id: string) {
  const headers = { lang: 'py', task: 'tests.add', id };
  return { contentType: 'application/json', contentEncoding: 'utf-8', deliveryMode: 2, headers };
}
