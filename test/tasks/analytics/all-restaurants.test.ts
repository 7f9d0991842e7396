import { describe, expect, it } from '@jest/globals';
import type { ResultTuple, Signature } from '../../../workers/celery/protocol/signature.ts';
import type { DailySummary } from '../../../workers/state/records/analytics.ts';
import { calculateAnalytics } from '../../../workers/tasks/analytics/all-restaurants.ts';
import { summarizeAnalytics } from '../../../workers/tasks/analytics/summary.ts';
import { sampleRestaurant } from '../../state/samples.ts';

/** Starts the analytics of some restaurants and returns what was sent. */
async function start(...ids: readonly string[]) {
  const sent: Signature[] = [];
  const list = async () => ids.map((restaurantId) => sampleRestaurant({ restaurantId }));
  const send = async (signature: Signature): Promise<ResultTuple> => {
    sent.push(signature);
    return [['summary-id', null], null];
  };
  return { result: await calculateAnalytics({ list }, send), sent };
}

describe('the analytics of all restaurants', () => {
  it('are a chord of one task for each and a summary at the end', async () => {
    const { result, sent } = await start('a', 'b');
    expect(result).toEqual({ restaurants: 2, summary: 'summary-id' });
    const [chord, ...more] = sent;
    expect(more).toEqual([]);
    expect(chord).toMatchObject({ task: 'celery.chord', subtask_type: 'chord', args: [] });
    expect(chord?.kwargs['header']).toMatchObject({
      task: 'celery.group',
      subtask_type: 'group',
      kwargs: {
        tasks: ['a', 'b'].map((id) => ({
          task: 'tasks.calculate_restaurant_analytics',
          args: [id],
          options: { queue: 'analytics' },
        })),
      },
    });
    expect(chord?.kwargs['body']).toMatchObject({
      task: 'tasks.summarize_analytics',
      args: [],
      immutable: false,
    });
  });

  it('are a summary of nothing where there is no restaurant, since a chord needs a part', async () => {
    const { result, sent } = await start();
    expect(result.restaurants).toBe(0);
    expect(sent).toMatchObject([{ task: 'tasks.summarize_analytics', args: [[]], subtask_type: null }]);
  });
});

describe('the summary of all restaurants', () => {
  const part = (date: string, orders: number, ...sales: readonly (readonly [string, number])[]) => ({
    restaurantId: 'r',
    date,
    orders,
    sold: orders - 1,
    delivered: orders - 2,
    cancelled: 1,
    items: 2 * orders,
    sales: sales.map(([currency, amountMinor]) => ({
      currency,
      orders: 1,
      amountMinor,
      averageBasketMinor: 1,
    })),
    peakHours: [],
  });
  const summarize = async (results: readonly unknown[]) => {
    const kept: DailySummary[] = [];
    const summaries = await summarizeAnalytics(
      { saveSummary: async (each) => void kept.push(each) },
      results,
    );
    expect(kept).toEqual(summaries.days);
    return summaries.days;
  };

  it('adds up each day and each currency for itself, and is kept', async () => {
    const days = await summarize([
      part('2026-11-23', 10, ['EUR', 500]),
      part('2026-11-22', 4, ['USD', 900]),
      part('2026-11-23', 5, ['CHF', 70], ['EUR', 50]),
    ]);
    expect(days).toEqual([
      {
        ...{ date: '2026-11-22', restaurants: 1, orders: 4, sold: 3, delivered: 2, cancelled: 1, items: 8 },
        sales: [{ currency: 'USD', orders: 1, amountMinor: 900 }],
      },
      {
        ...{
          date: '2026-11-23',
          restaurants: 2,
          orders: 15,
          sold: 13,
          delivered: 11,
          cancelled: 2,
          items: 30,
        },
        sales: [
          { currency: 'CHF', orders: 1, amountMinor: 70 },
          { currency: 'EUR', orders: 2, amountMinor: 550 },
        ],
      },
    ]);
    expect(await summarize([])).toEqual([]);
  });

  it('refuses what is no result of a restaurant, and says which', async () => {
    await expect(summarize([part('2026-11-23', 1), { date: 'yesterday' }])).rejects.toThrow(
      /results\.1 is no result of calculate_restaurant_analytics: .*date/s,
    );
  });
});
