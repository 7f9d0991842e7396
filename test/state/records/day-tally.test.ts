import { describe, expect, it } from '@jest/globals';
import { OrderFigures } from '../../../workers/state/records/analytics.ts';
import { DayTally } from '../../../workers/state/records/day-tally.ts';
import type { OrderRecord } from '../../../workers/state/records/orders.ts';
import { quantile } from '../../../workers/state/records/quantile.ts';
import { sampleRecord } from '../sample-record.ts';

function figuresOf(orders: readonly OrderRecord[], zone = 'Europe/Berlin'): OrderFigures {
  const tally = new DayTally(zone);
  for (const order of orders) tally.add(order);
  return OrderFigures.parse(tally.figures());
}

const money = (amountMinor: number, currency = 'EUR') => ({ amountMinor, currency });
const item = (menuItemId: string, quantity: number, cents: number, currency = 'EUR') => ({
  menuItemId,
  name: menuItemId.toUpperCase(),
  quantity,
  unitPrice: money(cents, currency),
});

describe('the tally of a day', () => {
  it('is all zeros without orders', () => {
    expect(figuresOf([])).toMatchObject({
      orders: 0,
      sold: 0,
      cancelled: 0,
      sales: [],
      dishes: [],
      deliverySeconds: null,
    });
  });

  it('tells what was ordered, paid, delivered and cancelled', () => {
    const orders = [
      sampleRecord({}, 'created'),
      sampleRecord({}, 'payment_declined'),
      sampleRecord({}, 'paid'),
      sampleRecord({}, 'picked_up'),
      sampleRecord({}, 'delivered'),
    ];
    expect(figuresOf(orders)).toMatchObject({ orders: 5, sold: 3, delivered: 1, cancelled: 1, items: 6 });
  });

  it('counts the money of paid orders only, each currency for itself', () => {
    const orders = [
      sampleRecord({ total: money(2_000), placedAt: '2026-11-23T11:10:00.000Z' }),
      sampleRecord({ total: money(1_001), placedAt: '2026-11-23T11:59:59.000Z' }, 'paid'),
      sampleRecord({ total: money(5_000) }, 'payment_declined'),
      sampleRecord({ total: money(9_000) }, 'created'),
      sampleRecord({ total: money(700, 'CHF'), placedAt: '2026-11-23T22:30:00.000Z' }),
    ];
    const { sales, soldByHour } = figuresOf(orders);
    expect(sales.map(({ currency, orders: paid, amountMinor }) => [currency, paid, amountMinor])).toEqual([
      ['CHF', 1, 700],
      ['EUR', 2, 3_001],
    ]);
    expect(sales.map(({ amountMinorByHour }) => amountMinorByHour.findIndex((each) => each > 0))).toEqual([
      23, 12,
    ]);
    expect(soldByHour.flatMap((paid, hour) => (paid > 0 ? [[hour, paid]] : []))).toEqual([
      [12, 2],
      [23, 1],
    ]);
  });

  it('adds up the dishes, most sold first, under their last name', () => {
    const orders = [
      sampleRecord({ items: [item('cola', 1, 300), item('pizza', 2, 1_000)] }),
      sampleRecord({ items: [{ ...item('pizza', 3, 1_100), name: 'Pizza nuova' }] }),
      sampleRecord({ items: [item('soup', 9, 500)] }, 'payment_declined'),
    ];
    expect(figuresOf(orders).dishes).toEqual([
      { menuItemId: 'pizza', name: 'Pizza nuova', quantity: 5, currency: 'EUR', amountMinor: 5_300 },
      { menuItemId: 'cola', name: 'COLA', quantity: 1, currency: 'EUR', amountMinor: 300 },
    ]);
  });

  it('tells how long deliveries took', () => {
    const minutes = [20, 21, 30, 40, 90];
    const figures = figuresOf(minutes.map((each) => sampleRecord({}, 'delivered', each * 60 + 30)));
    expect(figures.deliverySeconds?.p50).toBe(30 * 60 + 30);
    // NumPy: percentile([20.5, 21.5, 30.5, 40.5, 90.5], 95) = 80.5
    expect(figures.deliverySeconds?.p95).toBeCloseTo(80.5 * 60, 6);
    expect(figures.deliveryMinutes).toEqual(minutes.map((each) => [each, 1]));
  });

  it('is the same whatever the order of the orders', () => {
    const orders = Array.from({ length: 50 }, (_, i) =>
      sampleRecord({ items: [item(`dish-${i % 7}`, 1 + (i % 3), 100 * (i % 5) + 100)] }, 'delivered', i * 17),
    );
    expect(figuresOf([...orders].reverse())).toEqual(figuresOf(orders));
  });
});

describe('a quantile', () => {
  it('lies between the two nearest values, and is null without any', () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile([7], 0.95)).toBe(7);
    expect(quantile([1, 2], 0.5)).toBe(1.5);
    expect(quantile([0, 10, 20, 30], 0.9)).toBeCloseTo(27);
    expect(quantile([0, 10], 1)).toBe(10);
  });
});
