import { describe, expect, it } from '@jest/globals';
import { roundSteps, textOf, timeOf } from '../../../local/dashboards-page/browser/units.ts';

describe('a value on the page of the dashboards', () => {
  it.each([
    [0.00002, 's', '20 µs'],
    [0.0421, 's', '42.1 ms'],
    [0, 's', '0 s'],
    [90, 's', '90 s'],
    [300, 's', '5 min'],
    [7_200, 's', '2 h'],
    [604_800, 's', '7 d'],
    [-7_200, 's', '-2 h'],
    [0.0512, 'percentunit', '5.12%'],
    [1_536, 'bytes', '1.5 KiB'],
    [0, 'bytes', '0 B'],
    [1_234, 'ops', '1.23k/s'],
    [0.25, 'reqps', '0.25/s'],
    [2_500_000, 'short', '2.5M'],
    [1_234.5, 'currencyEUR', '€1,234.50'],
    [1_234.5, 'currencyJPY', '¥1,235'],
  ])('of %d in %s is written as %s', (value, unit, text) => {
    expect(textOf(value, unit)).toBe(text);
  });

  it('has the decimals that its panel asks for', () => {
    expect(textOf(1_234.567, 'short', 2)).toBe('1234.57');
    expect(textOf(12.4, 'short', 0)).toBe('12');
  });

  it('that is none says so', () => {
    expect(textOf(Number.NaN, 's')).toBe('no data');
  });
});

describe('the steps of an axis', () => {
  it('are round in its unit', () => {
    expect(roundSteps('bytes')).toEqual(expect.arrayContaining([1_024, 1_048_576]));
    expect(roundSteps('s')).toEqual(expect.arrayContaining([0.005, 30, 300, 3_600, 86_400]));
    expect(roundSteps('s')).toEqual(roundSteps('s')?.toSorted((a, b) => a - b));
    expect(roundSteps('short')).toBeUndefined();
  });
});

describe('a time of day', () => {
  it('has seconds only where they tell', () => {
    const moment = new Date(2026, 10, 25, 9, 5, 7).getTime() / 1_000;
    expect([timeOf(moment, 300), timeOf(moment, 3_600)]).toEqual(['09:05:07', '09:05']);
  });
});
