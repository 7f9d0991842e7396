import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { smartEats } from '../../../workers/platform/platform.ts';
import { aiWorker } from '../../../workers/services/task-workers/ai-worker.ts';
import { analyticsWorker } from '../../../workers/services/task-workers/analytics-worker.ts';
import { Bench } from '../../celery/worker/test-worker.ts';
import { runTestService, type TestService } from '../run-service.ts';

describe('tasks that keep a processor busy', () => {
  let bench: Bench;
  let services: readonly TestService[] = [];
  const pictures = createServer();

  beforeAll(async () => {
    bench = await Bench.set();
    const picture = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#c63' } })
      .png()
      .toBuffer();
    pictures.on('request', (_, response) => response.setHeader('content-type', 'image/png').end(picture));
    await once(pictures.listen(0, '127.0.0.1'), 'listening');
    const env = {
      REDIS_URL: bench.redis.url,
      RABBITMQ_URL: bench.vhost.url,
      REPORT_LINK_SECRET: 'a secret that is long enough for reports',
      PUBLIC_URL: 'http://127.0.0.1:4000',
      FOOD_IMAGE_PRIVATE_HOSTS: '127.0.0.1',
    };
    services = await Promise.all([
      runTestService(smartEats, 'ai-worker', aiWorker, env),
      runTestService(smartEats, 'analytics-worker', analyticsWorker, env),
    ]);
    await Promise.all(services.map((service) => service.ready()));
  }, 120_000);
  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    pictures.close();
    await bench?.clear();
  });

  it('run in threads that have all they need: connections, settings, libraries', async () => {
    const { port } = pictures.address() as AddressInfo;
    const calls = [
      { task: 'tasks.analyze_food_image', args: [`http://127.0.0.1:${port}/dish.png`], queue: 'ai' },
      { task: 'tasks.calculate_restaurant_analytics', args: ['r1'], queue: 'analytics' },
      { task: 'tasks.generate_sales_report', args: ['r1', '2026-11-01/2026-11-02'], queue: 'analytics' },
      { task: 'tasks.generate_recommendations', args: ['u1'], queue: 'ai' },
    ];
    const results = await Promise.all(
      calls.map(async (call) => bench.result(await bench.send(call), 50_000)),
    );
    expect(results.map(({ status, result }) => [status, result])).toEqual([
      ['SUCCESS', expect.objectContaining({ width: 640 })],
      ['FAILURE', expect.anything()],
      ['FAILURE', expect.anything()],
      ['FAILURE', expect.anything()],
    ]);
    const warned = services.flatMap(({ logged }) => logged).map(({ msg }) => msg);
    expect(warned).not.toContain(
      'no module of tasks is given, so this task runs in the own thread of the worker',
    );
  });

  it('are ended by a hard limit, and the next runs', async () => {
    const late = { task: 'tasks.generate_recommendations', args: ['u1'], queue: 'ai' };
    const id = await bench.send({ ...late, headers: { timelimit: [0.000_1, null] } });
    expect(await bench.result(id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'TimeLimitExceeded' },
    });
    expect(await bench.result(await bench.send(late))).toMatchObject({
      result: { exc_type: 'USER_UNKNOWN' },
    });
  });
});
