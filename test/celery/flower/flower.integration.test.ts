import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { eventually } from '../../harness/eventually.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { installedFlower } from './flower-installation.ts';
import { FlowerServer } from './flower-server.ts';

const flower = installedFlower();
const title = `Flower ${flower?.versions ?? '(npm run celery:flower installs it; it is not there, so this did not run)'}`;

(flower === undefined ? describe.skip : describe)(title, () => {
  const node = 'flower@here';
  let bench: Bench;
  let worker: TestWorker;
  let server: FlowerServer;

  beforeAll(async () => {
    bench = await Bench.set();
    const { url, managementUrl } = bench.vhost;
    const management = new URL(`${managementUrl}/api/`);
    ({ username: management.username, password: management.password } = new URL(url));
    server = await FlowerServer.start({
      python: flower?.python ?? '',
      broker: url,
      backend: bench.redis.url,
      management: management.href,
    });
    worker = await bench.worker({
      monitoring: celeryMonitoring,
      nodeName: node,
      concurrency: 2,
      taskEvents: true,
    });
    await eventually(async () =>
      expect(await server.json('/api/workers?status=true')).toEqual({ [node]: true }),
    );
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await bench?.clear();
  });

  const info = (id: string, state: string) =>
    eventually(async () => {
      const task = await server.json(`/api/task/info/${id}`);
      expect(task).toMatchObject({ state });
      return task;
    });

  it('lists the worker, with what it has done', async () => {
    await info(await bench.send({ args: [1, 2] }), 'SUCCESS');
    const page = await server.page('/workers');
    expect(page).toContain(node);
    await eventually(async () => {
      const { data } = (await server.json('/workers?json=1')) as { readonly data: readonly object[] };
      expect(data).toMatchObject([
        { hostname: node, status: true, active: 0, 'task-succeeded': 1, loadavg: expect.any(Array) },
      ]);
    });
  });

  it('shows all of the worker on its page', async () => {
    const running = await bench.send({ task: 'tests.sleep', args: [600_000] });
    await info(running, 'STARTED');
    await server.json(`/api/workers?refresh=1&workername=${node}`);
    const page = await server.page(`/worker/${node}`);
    expect(page).toContain('Worker pool options');
    expect(page).toContain(bench.vhost.vhost);
    expect(page).toContain('tests.add');
    expect(page).toContain('worker_prefetch_multiplier');
    expect(page).toContain('System usage statistics');
    const { [node]: seen } = (await server.json('/api/workers')) as Readonly<Record<string, object>>;
    expect(seen).toMatchObject({
      active: [{ id: running, name: 'tests.sleep', args: '[600000]' }],
      active_queues: [{ name: 'celery' }],
      registered: expect.arrayContaining(['tests.add']),
      stats: { pool: { 'max-concurrency': 2 }, broker: { virtual_host: bench.vhost.vhost } },
      conf: { timezone: 'UTC' },
    });
    expect(await server.press(`/api/task/revoke/${running}`, { terminate: 'true' })).toMatchObject({
      status: 200,
    });
    await info(running, 'REVOKED');
  });

  it('shows tasks and each of them, with its arguments, its result and its failure', async () => {
    const good = await bench.send({ args: [20, 22], headers: { argsrepr: '(20, 22)', kwargsrepr: '{}' } });
    const bad = await bench.send({ task: 'tests.fail' });
    const again = await bench.send({ task: 'tests.try_until', args: [1] });
    expect(await info(good, 'SUCCESS')).toMatchObject({
      name: 'tests.add',
      args: '(20, 22)',
      result: '42',
      runtime: expect.any(Number),
      worker: node,
      received: expect.any(Number),
      started: expect.any(Number),
      succeeded: expect.any(Number),
    });
    expect(await info(bad, 'FAILURE')).toMatchObject({ exception: "ValueError('boom', 42)" });
    expect(await info(again, 'SUCCESS')).toMatchObject({ retries: 1, retried: expect.any(Number) });
    const pages = await Promise.all([
      server.page('/tasks'),
      server.page(`/task/${good}`),
      server.page(`/task/${bad}`),
    ]);
    expect(pages[0]).toContain('Tasks');
    expect(pages[1]).toContain('(20, 22)');
    expect(pages[2]).toContain('ValueError');
    expect(await server.json(`/api/tasks?taskname=tests.fail`)).toMatchObject({
      [bad]: { state: 'FAILURE' },
    });
    expect(await server.json(`/api/task/result/${good}`)).toMatchObject({ state: 'SUCCESS', result: 42 });
    expect(await server.json('/api/task/types')).toMatchObject({
      'task-types': expect.arrayContaining(['tests.add', 'tests.fail']),
    });
  });

  it('shows the queues of the broker', async () => {
    await eventually(async () => {
      expect(await server.page('/broker')).toContain('celery');
      expect(await server.json('/api/queues/length')).toMatchObject({
        active_queues: [{ name: 'celery', messages: expect.any(Number) }],
      });
    });
  });

  it('sends tasks', async () => {
    const sent = await server.send('/api/task/async-apply/tests.add', [2, 3]);
    const { 'task-id': id } = JSON.parse(sent.text);
    expect(await bench.result(id)).toMatchObject({ result: 5 });
    const other = await server.send('/api/task/send-task/tests.echo', ['x']);
    expect(await bench.result(JSON.parse(other.text)['task-id'])).toMatchObject({ result: [['x'], {}] });
  });

  it.each([
    ['makes the pool grow', 'worker/pool/grow/flower@here', { n: '3' }],
    ['makes the pool shrink', 'worker/pool/shrink/flower@here', { n: '1' }],
    ['adds a queue', 'worker/queue/add-consumer/flower@here', { queue: 'flowers' }],
    ['limits a rate', 'task/rate-limit/tests.add', { workername: 'flower@here', ratelimit: '100/s' }],
    ['limits a time', 'task/timeout/tests.add', { workername: 'flower@here', soft: '20', hard: '30' }],
  ])('%s', async (_, path, fields) => {
    expect(await server.press(`/api/${path}`, fields)).toMatchObject({ status: 200 });
  });

  it('has changed the worker by that', async () => {
    const { view } = worker.worker;
    expect(view.figures().concurrency).toBe(4);
    expect(view.limitsOf('tests.add')).toEqual({ rate: '100/s', soft: 20, hard: 30 });
    await eventually(() => expect(worker.told('subscribed').map(({ queue }) => queue)).toContain('flowers'));
  });

  it('no longer consumes the queue that it is told not to', async () => {
    const path = `/api/worker/queue/cancel-consumer/${node}`;
    expect(await server.press(path, { queue: 'flowers' })).toMatchObject({ status: 200 });
    await eventually(() => expect(worker.worker.view.queues().map(({ name }) => name)).toEqual(['celery']));
  });

  it.each([
    ['the pool cannot restart', 'worker/pool/restart/flower@here', 'Pool restarts not enabled'],
    [
      'the pool does not follow the load',
      'worker/pool/autoscale/flower@here?min=1&max=2',
      'Autoscale not enabled',
    ],
  ])('shows why %s', async (_, path, text) => {
    const { status, text: answer } = await server.press(`/api/${path}`);
    expect(status).not.toBe(200);
    expect(answer).toContain(text);
  });

  it('ends the worker, and sees it end', async () => {
    expect(await server.press(`/api/worker/shutdown/${node}`)).toMatchObject({ status: 200 });
    await worker.worker.ended;
    await eventually(async () =>
      expect(await server.json('/api/workers?status=true')).toEqual({ [node]: false }),
    );
  });
});
