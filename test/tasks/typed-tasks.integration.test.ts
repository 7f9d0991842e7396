import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskValue } from '../../workers/celery/protocol/value.ts';
import { directoryStorage } from '../../workers/storage/directory-storage.ts';
import { ReportLinks } from '../../workers/storage/report-link.ts';
import { analyticsTasks } from '../../workers/tasks/analytics/analytics-tasks.ts';
import { recommendationTasks } from '../../workers/tasks/recommendations/recommendation-tasks.ts';
import { reportTasks } from '../../workers/tasks/reports/report-tasks.ts';
import { sampleRestaurant, sampleUser } from '../state/samples.ts';
import { openTestState, type TestState } from './open-stores.ts';
import { taskContext } from './task-context.ts';

const now = () => new Date('2026-11-24T00:30:00Z');

let opened: TestState;
let directory: string;
beforeAll(async () => {
  opened = await openTestState();
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-reports-'));
  await opened.state.stores.restaurants.save(sampleRestaurant({ restaurantId: 'roma' }));
  await opened.state.stores.users.create(sampleUser({ userId: 'ann' }));
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await opened.close();
});

/** Arguments as a caller in any language sends them, checked as a worker checks them. */
const checked = <Output>(parameters: { parse(value: unknown): Output }, args: unknown) =>
  parameters.parse(args);

describe('the tasks that a worker runs', () => {
  it('recommend dishes', async () => {
    const { generateRecommendations: task } = recommendationTasks({ stores: opened.state.stores, now });
    const result = await task.run(checked(task.parameters, { user_id: 'ann' }), taskContext().context);
    expect(result).toEqual({ items: [], model: 'popularity', generatedAt: '2026-11-24T00:30:00.000Z' });
  });

  it('calculate a restaurant, and start all of them as a canvas whose results are summed up', async () => {
    const tasks = analyticsTasks({ stores: opened.state.stores, now });
    const { context, sent } = taskContext();
    const started = await tasks.calculateAnalytics.run({}, context);
    expect(started).toEqual({ restaurants: 1, summary: 'id-of-celery.chord' });
    expect(sent).toEqual(['celery.chord']);

    const { calculateRestaurantAnalytics: each, summarizeAnalytics: all } = tasks;
    const part: TaskValue = await each.run(
      checked(each.parameters, { restaurant_id: 'roma' }),
      taskContext().context,
    );
    // As results travel: what JSON keeps of them.
    const results = JSON.parse(JSON.stringify([part]));
    const { days } = await all.run(checked(all.parameters, { results }), taskContext().context);
    expect(days).toMatchObject([{ date: '2026-11-23', restaurants: 1, orders: 0 }]);
    expect(await opened.state.stores.analytics.findSummary('2026-11-23')).toEqual(days[0]);
  });

  it('make a report, in a thread of its own', async () => {
    const links = new ReportLinks('a secret of the test', 'https://api.example.org');
    const storage = directoryStorage(directory);
    const { generateSalesReport: task } = reportTasks({ stores: opened.state.stores, storage, links, now });
    expect(task.thread).toBe(true);
    const args = checked(task.parameters, { restaurant_id: 'roma', date_range: '2026-11-01/2026-11-23' });
    const { context, states } = taskContext();
    const url = await task.run(args, context);
    expect(states.at(-1)).toEqual(['PROGRESS', { step: 'drawing', done: 23, total: 23 }]);
    expect(url).toMatch(
      /^https:\/\/api\.example\.org\/restaurants\/roma\/reports\/sales_2026-11-01_2026-11-23\?/,
    );
    expect(await storage.open('reports/roma/sales_2026-11-01_2026-11-23.pdf')).toBeDefined();
  });
});
