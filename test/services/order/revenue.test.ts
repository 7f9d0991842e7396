import { describe, expect, it } from '@jest/globals';
import { countRevenue } from '../../../workers/services/order/revenue.ts';
import { createMetrics } from '../../../workers/telemetry/metrics.ts';

async function revenueOf(amountMinor: number, currency: string): Promise<string | undefined> {
  const metrics = createMetrics('order-service');
  countRevenue(metrics, { amountMinor, currency });
  return /^orders_revenue_total\{currency="(.+?)".*\} (.+)$/m
    .exec((await metrics.scrape()).body)
    ?.slice(1)
    .join(' ');
}

describe('the revenue', () => {
  it.each([
    [1_290, 'EUR', 'EUR 12.9'],
    [1_290, 'JPY', 'JPY 1290'],
    [1_290, 'KWD', 'KWD 1.29'],
  ])('counts %d minor units of %s as %s', async (amountMinor, currency, counted) => {
    expect(await revenueOf(amountMinor, currency)).toBe(counted);
  });

  it('has one label for all that is no currency', async () => {
    expect(await revenueOf(100, 'ABC')).toBe('other 1');
  });
});
