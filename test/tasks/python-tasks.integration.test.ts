import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { type ServedPicture, servePicture } from '../../cli/demo/picture-server.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { type Json, type TaskName, tasks } from '../../workers/platform/tasks.ts';
import { createMessageCatcher } from '../../workers/services/message-catcher/service.ts';
import { aiWorker } from '../../workers/services/task-workers/ai-worker.ts';
import { analyticsWorker } from '../../workers/services/task-workers/analytics-worker.ts';
import { celeryWorker } from '../../workers/services/task-workers/celery-worker.ts';
import { notificationsWorker } from '../../workers/services/task-workers/notifications-worker.ts';
import { pythonCeleryVersion, runPythonBeside } from '../celery/python-celery.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { readMessages } from '../services/message-catcher/catcher-client.ts';
import { runTestService, type TestService } from '../services/run-service.ts';
import { sampleMenuItem, sampleOrder, sampleRestaurant, sampleUser } from '../state/samples.ts';
import { openTestState, type TestState } from './open-stores.ts';

const version = pythonCeleryVersion();
const title = `a client in Python, Celery ${version ?? '(not installed, so this did not run)'}`;

/** How a call ended, as Python sees it. */
interface Outcome {
  readonly status: string;
  readonly result?: Json;
  readonly type?: string;
  readonly message?: string;
}

(version === undefined ? describe.skip : describe)(title, () => {
  let opened: TestState;
  let vhost: TestVhost;
  let picture: ServedPicture;
  let catcher: TestService;
  let workers: readonly TestService[];
  let reports: string;

  beforeAll(async () => {
    const smtpPort = await getPort({ host: '127.0.0.1' });
    [opened, vhost, picture] = await Promise.all([openTestState(), freshVhost(smartEats), servePicture()]);
    reports = mkdtempSync(join(tmpdir(), 'smarteats-test-reports-'));
    catcher = await runTestService(smartEats, 'message-catcher', createMessageCatcher(), {
      SMTP_PORT: String(smtpPort),
    });
    await recordADay();
    const env = {
      REDIS_URL: opened.redis.url,
      RABBITMQ_URL: vhost.url,
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      SMS_API_URL: `${catcher.url}/sms`,
      PUBLIC_URL: 'https://api.smarteats.example',
      REPORT_LINK_SECRET: 'a secret of the test',
      REPORTS_DIRECTORY: reports,
      ...picture.environment,
    };
    workers = await Promise.all([
      runTestService(smartEats, 'ai-worker', aiWorker, env),
      runTestService(smartEats, 'analytics-worker', analyticsWorker, env),
      runTestService(smartEats, 'celery-worker', celeryWorker, env),
      runTestService(smartEats, 'notifications-worker', notificationsWorker, env),
    ]);
    await Promise.all(workers.map((worker) => worker.ready()));
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await Promise.all([catcher.stop(), picture.close()]);
    await vhost.drop();
    await opened.close();
    rmSync(reports, { recursive: true, force: true });
  });

  /** Two customers of one restaurant; what Bob ordered besides is for Ann to try. */
  async function recordADay(): Promise<void> {
    const { restaurants, users, orders } = opened.state.stores;
    await restaurants.save(sampleRestaurant({ restaurantId: 'roma' }));
    for (const menuItemId of ['pizza', 'soup'])
      await restaurants.saveMenuItem('roma', sampleMenuItem({ menuItemId, name: menuItemId }));
    const placedAt = new Date().toISOString();
    const price = { amountMinor: 900, currency: 'EUR' };
    const item = (menuItemId: string) => ({ menuItemId, name: menuItemId, quantity: 1, unitPrice: price });
    for (const [userId, dishes] of [
      ['ann', ['pizza']],
      ['bob', ['pizza', 'soup']],
    ] as const) {
      await users.create(sampleUser({ userId }));
      const orderId = `order-of-${userId}`;
      const items = dishes.map(item);
      await orders.record(sampleOrder({ orderId, userId, restaurantId: 'roma', items, placedAt }));
      for (const status of ['paid', 'confirmed', 'driver_assigned', 'picked_up', 'delivered'] as const)
        await orders.transition(orderId, status);
    }
  }

  /** Calls tasks by their names, with positional arguments. @returns how each ended */
  async function call(...calls: readonly (readonly [TaskName, ...Json[]])[]): Promise<readonly Outcome[]> {
    const sent = calls.map(([name, ...args]) => [name, tasks[name].queue, args]);
    // The script writes this.
    return (await runPythonBeside('call_tasks.py', sent, [vhost.url, opened.redis.url])) as Outcome[];
  }

  it('calls each task by its name, and gets what it returns', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const [recommendations, image, figures, all, report, confirmation, update, carts, reminders] = await call(
      ['tasks.generate_recommendations', 'ann'],
      ['tasks.analyze_food_image', picture.url],
      ['tasks.calculate_restaurant_analytics', 'roma'],
      ['tasks.calculate_analytics'],
      ['tasks.generate_sales_report', 'roma', `${today}/${today}`],
      ['tasks.send_order_confirmation', 'order-of-ann'],
      ['tasks.send_delivery_update', 'order-of-ann', 'delivered'],
      ['tasks.cleanup_carts'],
      ['tasks.send_reminders'],
    );
    expect(recommendations).toEqual({
      status: 'SUCCESS',
      result: {
        items: [
          {
            menuItemId: 'soup',
            restaurantId: 'roma',
            score: expect.any(Number),
            reason: 'Because you ordered pizza',
          },
        ],
        model: 'item-to-item',
        generatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    });
    expect(image).toMatchObject({
      status: 'SUCCESS',
      result: {
        model: 'none',
        dishes: [],
        image: { format: 'jpeg', width: 800, height: 600 },
        acceptable: true,
      },
    });
    expect(figures).toMatchObject({ status: 'SUCCESS', result: { restaurantId: 'roma' } });
    expect(all).toMatchObject({ status: 'SUCCESS', result: { restaurants: 1 } });
    expect(report).toMatchObject({
      status: 'SUCCESS',
      result: expect.stringMatching(/^https:\/\/api\.smarteats\.example\/restaurants\/roma\/reports\/sales_/),
    });
    const file = readFileSync(join(reports, `reports/roma/sales_${today}_${today}.pdf`));
    expect(String(file.subarray(0, 5))).toBe('%PDF-');
    for (const sent of [confirmation, update])
      expect(sent).toMatchObject({ status: 'SUCCESS', result: { channels: { mail: 'sent' } } });
    const mails = await readMessages(catcher.url, 'about=order-of-ann');
    expect(mails.map(({ key }) => key).toSorted()).toEqual([
      'order-of-ann.order_confirmed.mail@smarteats.example',
      'order-of-ann.order_delivered.mail@smarteats.example',
    ]);
    expect(carts).toMatchObject({ status: 'SUCCESS', result: { removed: 0 } });
    expect(reminders).toMatchObject({ status: 'SUCCESS', result: { sent: 0 } });
  });

  it('hears what is wrong with its arguments, at once and from every task', async () => {
    const outcomes = await call(
      ['tasks.generate_recommendations'],
      ['tasks.analyze_food_image', 'not a URL'],
      ['tasks.calculate_restaurant_analytics', 7],
      ['tasks.calculate_analytics', 'roma'],
      ['tasks.generate_sales_report', 'roma', { from: '2026-11-30', to: '2026-11-01' }],
      ['tasks.send_order_confirmation', null],
      ['tasks.send_delivery_update', 'order-of-ann', 'eaten'],
      ['tasks.cleanup_carts', 1],
      ['tasks.send_reminders', []],
    );
    expect(outcomes.map(({ status, type }) => `${status} ${type}`)).toEqual(
      outcomes.map(() => 'FAILURE TypeError'),
    );
    for (const { message } of outcomes) expect(message).toMatch(/^\w[^\n]{10,300}$/);
  });
});
