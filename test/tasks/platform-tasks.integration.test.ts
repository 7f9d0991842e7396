import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ResultDocument } from '../../workers/celery/results/result-backend.ts';
import { UnsubscribeLinks } from '../../workers/notifications/unsubscribe-link.ts';
import { tasks as declared, taskQueues } from '../../workers/platform/tasks.ts';
import { directoryStorage } from '../../workers/storage/directory-storage.ts';
import { ReportLinks } from '../../workers/storage/report-link.ts';
import {
  aiTasks,
  analyticsQueueTasks,
  celeryTasks,
  notificationQueueTasks,
} from '../../workers/tasks/platform-tasks.ts';
import { Bench } from '../celery/worker/test-worker.ts';
import { eventually } from '../harness/eventually.ts';
import { sampleRestaurant, sampleUser } from '../state/samples.ts';
import { openTestState, type TestState } from './open-stores.ts';

const now = () => new Date('2026-11-24T00:30:00Z');
const metrics = { count: () => undefined };
const log = { warn: () => undefined };

let opened: TestState;
let bench: Bench;
let directory: string;
beforeAll(async () => {
  [opened, bench] = await Promise.all([openTestState(), Bench.set()]);
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-reports-'));
  const { stores } = opened.state;
  await stores.restaurants.save(sampleRestaurant({ restaurantId: 'roma' }));
  await stores.restaurants.save(sampleRestaurant({ restaurantId: 'sushi' }));
  await stores.users.create(sampleUser({ userId: 'ann' }));
  const analytics = { stores, now };
  const tasks = {
    ...celeryTasks({
      analytics,
      cleanup: { carts: stores.carts, now },
      reminders: {
        reminders: stores.reminders,
        users: stores.users,
        mail: { name: 'mail', addressOf: ({ email }) => email, send: async () => ({ kind: 'sent' }) },
        links: new UnsubscribeLinks('a secret of the test', 'https://api.example.org'),
        orderUrl: 'https://example.org',
        metrics,
        log,
        now,
      },
    }),
    ...aiTasks({ recommendations: { stores, now }, foodImages: { download: {} } }),
    ...analyticsQueueTasks({
      analytics,
      reports: {
        stores,
        storage: directoryStorage(directory),
        links: new ReportLinks('a secret of the test', 'https://api.example.org'),
        now,
      },
    }),
    ...notificationQueueTasks({ stores, notifications: stores.notifications, channels: [], metrics, log }),
  };
  expect(Object.keys(tasks).toSorted()).toEqual(Object.keys(declared).toSorted());
  const queues = Object.keys(taskQueues).map((name) => ({ name }));
  await bench.worker({ tasks: Object.values(tasks), queues });
});
afterAll(async () => {
  await bench.clear();
  await opened.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Calls a declared task as a client in any language does. @returns what is stored when it has ended */
async function call(task: keyof typeof declared, kwargs: object = {}): Promise<ResultDocument> {
  const id = await bench.send({ task, queue: declared[task].queue, kwargs: { ...kwargs } });
  return eventually(async () => {
    const result = await bench.backend.read(id);
    expect(['SUCCESS', 'FAILURE']).toContain(result?.status);
    if (result === undefined) throw new Error('there is no result');
    return result;
  });
}

describe('the tasks of the platform on a worker', () => {
  it('calculate every restaurant and then the summary of the day', async () => {
    const { status, result } = await call('tasks.calculate_analytics');
    expect([status, result]).toEqual(['SUCCESS', { restaurants: 2, summary: expect.any(String) }]);
    await eventually(async () => {
      const summary = await opened.state.stores.analytics.findSummary('2026-11-23');
      expect(summary).toMatchObject({ restaurants: 2, orders: 0 });
    });
  });

  it('recommend, report, clean up and remind', async () => {
    expect(await call('tasks.generate_recommendations', { user_id: 'ann' })).toMatchObject({
      status: 'SUCCESS',
      result: { items: [], model: 'popularity' },
    });
    const range = { restaurant_id: 'roma', date_range: '2026-11-01/2026-11-23' };
    expect(await call('tasks.generate_sales_report', range)).toMatchObject({
      status: 'SUCCESS',
      result: expect.stringContaining('/restaurants/roma/reports/'),
    });
    expect(await call('tasks.cleanup_carts')).toMatchObject({ status: 'SUCCESS', result: { removed: 0 } });
    expect(await call('tasks.send_reminders')).toMatchObject({ status: 'SUCCESS', result: { sent: 0 } });
  });

  it.each([
    ['tasks.analyze_food_image', { image_url: 'http://127.0.0.1/dish.jpg' }, 'PlatformError'],
    ['tasks.send_order_confirmation', { order_id: 'none' }, 'PlatformError'],
    ['tasks.send_delivery_update', { order_id: 'none', status: 'delivered' }, 'PlatformError'],
    ['tasks.generate_sales_report', { restaurant_id: 'roma', date_range: 'November' }, 'TypeError'],
    ['tasks.generate_recommendations', {}, 'TypeError'],
  ] as const)(
    'end %s(%j) with a failure that says why, without another attempt',
    async (task, kwargs, type) => {
      const { status, result } = await call(task, kwargs);
      expect(status).toBe('FAILURE');
      expect(result).toMatchObject({ exc_type: type, exc_message: [expect.stringMatching(/\w+/)] });
    },
  );
});
