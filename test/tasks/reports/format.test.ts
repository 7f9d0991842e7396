import { describe, expect, it } from '@jest/globals';
import { ticksUpTo } from '../../../workers/tasks/reports/bar-chart.ts';
import {
  formatAxisMoney,
  formatMinutes,
  formatMoney,
  formatPeriod,
} from '../../../workers/tasks/reports/format.ts';

describe('the formats of a report', () => {
  it.each([
    [123_456, 'EUR', '€1,234.56'],
    [1_200, 'JPY', '¥1,200'],
    [1_234, 'KWD', 'KWD 1.234'],
    [0, 'USD', '$0.00'],
  ])('write %d minor units of %s as %s', (amount, currency, text) => {
    expect(formatMoney(amount, currency).replace(/\s/g, ' ')).toBe(text);
  });

  it('write the amounts of one axis alike', () => {
    const axis = (top: number, ...amounts: readonly number[]) =>
      amounts.map((amount) => formatAxisMoney(amount, top, 'EUR'));
    expect(axis(1_500_000, 0, 500_000, 1_500_000)).toEqual(['€0', '€5k', '€15k']);
    expect(axis(900_000, 0, 300_000, 900_000)).toEqual(['€0', '€3,000', '€9,000']);
  });

  it('write a period as short as it can be', () => {
    expect(formatPeriod('2026-11-23', '2026-11-23')).toBe('23 November 2026');
    expect(formatPeriod('2026-11-01', '2026-11-30')).toBe('1 – 30 November 2026');
    expect(formatPeriod('2026-10-30', '2026-11-02')).toBe('30 October – 2 November 2026');
    expect(formatPeriod('2025-12-01', '2026-01-31')).toBe('1 December 2025 – 31 January 2026');
  });

  it('write times in minutes, and a dash for none', () => {
    expect([formatMinutes(1_890), formatMinutes(null)]).toEqual(['32 min', '–']);
  });
});

describe('the ticks of an axis', () => {
  it('are round, few, and reach the greatest value', () => {
    expect(ticksUpTo(0)).toEqual([0, 1]);
    expect(ticksUpTo(1)).toEqual([0, 1]);
    expect(ticksUpTo(7)).toEqual([0, 2, 4, 6, 8]);
    expect(ticksUpTo(100)).toEqual([0, 50, 100]);
    for (let value = 1; value < 100_000; value = Math.ceil(value * 1.07)) {
      const ticks = ticksUpTo(value);
      expect([value, (ticks.at(-1) ?? 0) >= value && ticks.length <= 6]).toEqual([value, true]);
    }
  });
});
