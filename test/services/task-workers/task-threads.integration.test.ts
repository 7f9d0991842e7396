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
    pictures.on('request', ({ url }, response) => {
      // One that never comes.
      if (url !== '/never.png') response.setHeader('content-type', 'image/png').end(picture);
    });
    await once(pictures.listen(0, '127.0.0.1'), 'listening');
    const env = {
      REDIS_URL: bench.redis.url,
      RABBITMQ_URL: bench.vhost.url,
      REPORT_LINK_SECRET: 'a secret that is long enough for reports',
      PUBLIC_URL: 'http://127.0.0.1:4000',
      FOOD_IMAGE_PRIVATE_HOSTS: `127.0.0.1:${(pictures.address() as AddressInfo).port}`,
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
    pictures.closeAllConnections();
    await bench?.clear();
  });

  function urlOf(picture: string): string {
    // It listens on a port.
    const { port } = pictures.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${picture}`;
  }

  it('run in threads that have all they need: connections, settings, libraries', async () => {
    const calls = [
      { task: 'tasks.analyze_food_image', args: [urlOf('dish.png')], queue: 'ai' },
      { task: 'tasks.calculate_restaurant_analytics', args: ['r1'], queue: 'analytics' },
      { task: 'tasks.generate_sales_report', args: ['r1', '2026-11-01/2026-11-02'], queue: 'analytics' },
      { task: 'tasks.generate_recommendations', args: ['u1'], queue: 'ai' },
    ];
    const results = await Promise.all(
      calls.map(async (call) => bench.result(await bench.send(call), 50_000)),
    );
    const unknown = (what: string) => expect.objectContaining({ exc_message: [`There is no ${what}.`] });
    expect(results.map(({ status, result }) => [status, result])).toEqual([
      ['SUCCESS', expect.objectContaining({ image: expect.objectContaining({ width: 640 }) })],
      ['FAILURE', unknown('restaurant r1')],
      ['FAILURE', unknown('restaurant r1')],
      ['FAILURE', unknown('user u1')],
    ]);
    const warned = services.flatMap(({ logged }) => logged).map(({ msg }) => msg);
    expect(warned).not.toContain(
      'no module of tasks is given: a hard time limit gives up on these without ending them',
    );
  });

  it('are ended by a hard limit, and the next runs', async () => {
    const never = { task: 'tasks.analyze_food_image', args: [urlOf('never.png')], queue: 'ai' };
    const id = await bench.send({ ...never, headers: { timelimit: [1, null] } });
    expect(await bench.result(id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'TimeLimitExceeded', exc_message: [1] },
    });
    const next = await bench.send({ ...never, args: [urlOf('dish.png')] });
    expect(await bench.result(next)).toMatchObject({ status: 'SUCCESS' });
  });
});
