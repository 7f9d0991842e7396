import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskValue } from '../../../workers/celery/protocol/value.ts';
import type { Restaurant } from '../../../workers/state/records/restaurants.ts';
import { directoryStorage } from '../../../workers/storage/directory-storage.ts';
import type { ObjectStorage } from '../../../workers/storage/object-storage.ts';
import { ReportLinks } from '../../../workers/storage/report-link.ts';
import { generateSalesReport } from '../../../workers/tasks/reports/sales-report.ts';
import { platformError } from '../../state/error-code.ts';
import { sampleOrder, sampleRestaurant } from '../../state/samples.ts';
import { openTestState, type TestState } from '../open-stores.ts';
import { pagesOf } from './pdf-text.ts';

const november = { from: '2026-11-01', to: '2026-11-30' };

let opened: TestState;
let directory: string;
let storage: ObjectStorage;
let restaurant: Restaurant;
let progress: TaskValue[];
beforeAll(async () => {
  opened = await openTestState();
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-reports-'));
  storage = directoryStorage(directory);
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await opened.close();
});
beforeEach(async () => {
  progress = [];
  restaurant = sampleRestaurant({ name: 'Roma' });
  await opened.state.stores.restaurants.save(restaurant);
});

async function sell(placedAt: string, cents: number): Promise<void> {
  const { stores } = opened.state;
  const total = { amountMinor: cents, currency: 'EUR' };
  const order = sampleOrder({ restaurantId: restaurant.restaurantId, placedAt, total });
  await stores.orders.record(order);
  await stores.orders.transition(order.orderId, 'paid');
}

function generate(
  range = november,
  changes: { storage?: ObjectStorage; signal?: AbortSignal; secret?: string | undefined } = {},
) {
  return generateSalesReport(
    {
      stores: opened.state.stores,
      storage: changes.storage ?? storage,
      links: new ReportLinks(
        'secret' in changes ? changes.secret : 'a secret of the test',
        'https://api.example.org',
      ),
      now: () => new Date('2026-12-02T12:00:00Z'),
    },
    restaurant.restaurantId,
    range,
    {
      signal: changes.signal ?? new AbortController().signal,
      updateState: async (_, meta) => void progress.push(meta),
    },
  );
}

async function textOf(url: string): Promise<string> {
  const [, restaurantId, reportId] = /restaurants\/([^/]+)\/reports\/([^?]+)/.exec(url) ?? [];
  const stored = await storage.open(`reports/${restaurantId}/${reportId}.pdf`);
  const chunks: Buffer[] = [];
  for await (const chunk of stored?.content ?? []) chunks.push(chunk as Buffer);
  return (await pagesOf(Buffer.concat(chunks))).join('\n');
}

describe('the sales report of a restaurant', () => {
  it('is kept where its link leads, with what was sold on its days', async () => {
    await sell('2026-10-31T22:59:00.000Z', 99_900);
    await sell('2026-10-31T23:00:00.000Z', 1_500);
    await sell('2026-11-30T22:30:00.000Z', 2_500);
    await sell('2026-11-30T23:00:00.000Z', 88_800);
    const url = await generate();
    expect(url).toMatch(
      new RegExp(
        `^https://api.example.org/restaurants/${restaurant.restaurantId}/reports/sales_2026-11-01_2026-11-30\\?`,
      ),
    );
    const text = await textOf(url);
    expect(text).toContain('Roma');
    expect(text).toMatch(/Sun 1 Nov 2026\n1\n0\n2\n0\n–\n€15\.00\n€15\.00/);
    expect(text).toMatch(/Total\n2\n0\n4\n0\n–\n€20\.00\n€40\.00/);
    expect(progress.at(-1)).toEqual({ step: 'drawing', done: 30, total: 30 });
  });

  it('is replaced by one that is up to date when it is made again', async () => {
    await sell('2026-11-10T12:00:00.000Z', 1_000);
    const first = await generate();
    await sell('2026-11-10T13:00:00.000Z', 500);
    const second = await generate();
    expect(new URL(second).pathname).toBe(new URL(first).pathname);
    expect(await textOf(first)).toContain('€15.00');
  });

  it('ends with today where its range goes further', async () => {
    await sell('2026-12-02T10:00:00.000Z', 700);
    const text = await textOf(await generate({ from: '2026-12-01', to: '2026-12-31' }));
    expect(text).toContain('2 days');
    expect(text).toContain('€7.00');
    expect(text).not.toContain('3 Dec 2026');
  });

  it('is refused for days to come and for restaurants that do not exist, in words', async () => {
    const future = await platformError(generate({ from: '2026-12-03', to: '2026-12-04' }));
    expect([future.code, future.message]).toEqual([
      'TASK_ARGUMENT_INVALID',
      'date_range begins on 2026-12-03, which is after today (2026-12-02 in Europe/Berlin).',
    ]);
    restaurant = { ...restaurant, restaurantId: 'nowhere' };
    expect((await platformError(generate())).code).toBe('RESTAURANT_UNKNOWN');
  });

  it('stops when the task is told to', async () => {
    const signal = AbortSignal.abort(new Error('the time is over'));
    await expect(generate(november, { signal })).rejects.toThrow('the time is over');
  });

  it('is refused without links before any day is read', async () => {
    await sell('2026-11-10T12:00:00.000Z', 1_000);
    expect((await platformError(generate(november, { secret: undefined }))).code).toBe(
      'REPORT_LINKS_UNAVAILABLE',
    );
    expect(progress).toEqual([]);
  });

  it('gives no link where the report could not be kept', async () => {
    const broken = directoryStorage('/dev/null/reports');
    expect((await platformError(generate(november, { storage: broken }))).code).toBe('REPORT_STORAGE_FAILED');
  });
});
