import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type OrderStatus, orderStatuses, orderTransitions } from '../../../workers/platform/order.ts';
import type { OrderStore } from '../../../workers/state/records/orders.ts';
import { freshId, sampleOrder } from '../samples.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

const toDelivered: readonly OrderStatus[] = [
  'paid',
  'confirmed',
  'driver_assigned',
  'picked_up',
  'delivered',
];

/** Records an order and leads it to a status. */
async function orderIn(orders: OrderStore, status: OrderStatus): Promise<string> {
  const order = sampleOrder();
  await orders.record(order);
  if (status === 'payment_declined') await orders.transition(order.orderId, status);
  for (const step of toDelivered.slice(0, toDelivered.indexOf(status) + 1)) {
    await orders.transition(order.orderId, step);
  }
  return order.orderId;
}

export function describeOrderTransitions(open: OpenStores): void {
  describe('the status of an order in its store', () => {
    let opened: OpenedStores;
    let orders: OrderStore;
    beforeEach(async () => {
      opened = await open();
      orders = opened.stores.orders;
    });
    afterEach(() => opened.close());

    it('is "created" when the order is recorded, and all that was placed is kept exactly', async () => {
      const placed = sampleOrder();
      const before = Date.now();
      const { created, order } = await orders.record(placed);
      expect(created).toBe(true);
      const { status, sequence, history, ...rest } = order;
      expect({ status, sequence }).toEqual({ status: 'created', sequence: 1 });
      expect(rest).toEqual(placed);
      expect(history.map((entry) => entry.status)).toEqual(['created']);
      expect(Date.parse(history[0]?.at ?? '')).toBeGreaterThanOrEqual(before - 1_000);
      expect(await opened.elsewhere.orders.find(placed.orderId)).toEqual(order);
    });

    it('stays as it is when the order is recorded again', async () => {
      const placed = sampleOrder();
      const first = await orders.record(placed);
      await orders.transition(placed.orderId, 'paid', { chargeId: 'ch_1' });
      const again = await orders.record({ ...placed, contact: { email: 'other@example.com' } });
      expect(again.created).toBe(false);
      expect(again.order).toMatchObject({ status: 'paid', chargeId: 'ch_1', contact: first.order.contact });
      expect((await orders.countByStatus()).created).toBe(0);
    });

    it('goes through every step to delivered, keeping facts and history', async () => {
      const placed = sampleOrder();
      await orders.record(placed);
      await orders.transition(placed.orderId, 'paid', { chargeId: 'ch_1' });
      await orders.transition(placed.orderId, 'confirmed');
      await orders.transition(placed.orderId, 'driver_assigned', { driverId: 'driver-1' });
      await orders.transition(placed.orderId, 'picked_up');
      const last = await orders.transition(placed.orderId, 'delivered');
      expect(last).toMatchObject({
        result: 'applied',
        order: { ...placed, status: 'delivered', sequence: 6, chargeId: 'ch_1', driverId: 'driver-1' },
      });
      const order = await opened.elsewhere.orders.find(placed.orderId);
      expect(order?.history.map(({ status }) => status)).toEqual(['created', ...toDelivered]);
      const times = order?.history.map(({ at }) => Date.parse(at)) ?? [];
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('keeps the reason of a declined payment', async () => {
      const orderId = await orderIn(orders, 'created');
      await orders.transition(orderId, 'payment_declined', { declineReason: 'card expired' });
      expect(await orders.find(orderId)).toMatchObject({
        status: 'payment_declined',
        declineReason: 'card expired',
        sequence: 2,
      });
    });

    it('is already there when a step comes a second time, even after later ones', async () => {
      const orderId = await orderIn(orders, 'confirmed');
      const before = await orders.find(orderId);
      for (const status of ['created', 'paid', 'confirmed'] as const) {
        expect(await orders.transition(orderId, status, { chargeId: 'another' })).toEqual({
          result: 'already',
          order: before,
        });
      }
      expect(await orders.find(orderId)).toEqual(before);
    });

    it('is unknown of an order that was never recorded', async () => {
      const orderId = freshId('order');
      expect(await orders.transition(orderId, 'paid')).toEqual({ result: 'unknown' });
      expect(await orders.find(orderId)).toBeUndefined();
    });

    describe.each(orderStatuses)('%s', (from) => {
      it('leads to the declared statuses and to no other', async () => {
        const past =
          (await orders.find(await orderIn(orders, from)))?.history.map(({ status }) => status) ?? [];
        expect(past.at(-1)).toBe(from);
        for (const to of orderStatuses.filter((status) => !past.includes(status))) {
          const orderId = await orderIn(orders, from);
          const before = await orders.find(orderId);
          const allowed = orderTransitions[from].some((next) => next === to);
          const { result } = await orders.transition(orderId, to);
          expect({ to, result }).toEqual({ to, result: allowed ? 'applied' : 'conflict' });
          if (!allowed) expect(await orders.find(orderId)).toEqual(before);
        }
      });
    });

    it('changes exactly once when 500 ask for the same step at once', async () => {
      const orderId = await orderIn(orders, 'created');
      const results = await Promise.all(
        Array.from({ length: 500 }, (_, i) =>
          (i % 2 === 0 ? opened.stores : opened.elsewhere).orders.transition(orderId, 'paid', {
            chargeId: `ch_${i}`,
          }),
        ),
      );
      const applied = results.findIndex(({ result }) => result === 'applied');
      expect(results.filter(({ result }) => result === 'applied')).toHaveLength(1);
      expect(results.filter(({ result }) => result === 'already')).toHaveLength(499);
      expect(await orders.find(orderId)).toMatchObject({
        status: 'paid',
        sequence: 2,
        chargeId: `ch_${applied}`,
      });
      expect(await orders.countByStatus()).toMatchObject({ created: 0, paid: 1 });
    });

    it('takes one of two contradicting steps that come at once', async () => {
      const ids = await Promise.all(Array.from({ length: 50 }, () => orderIn(orders, 'created')));
      for (const orderId of ids) {
        const [paid, declined] = await Promise.all([
          opened.stores.orders.transition(orderId, 'paid'),
          opened.elsewhere.orders.transition(orderId, 'payment_declined'),
        ]);
        expect([paid.result, declined.result].sort()).toEqual(['applied', 'conflict']);
      }
      const counts = await orders.countByStatus();
      expect(counts.paid + counts.payment_declined).toBe(50);
      expect(counts.created).toBe(0);
    });

    it('is recorded once when the same order comes many times at once', async () => {
      const placed = sampleOrder();
      const results = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          (i % 2 === 0 ? opened.stores : opened.elsewhere).orders.record(placed),
        ),
      );
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(await orders.countByStatus()).toMatchObject({ created: 1 });
      expect(await orders.ofUser(placed.userId, 10)).toHaveLength(1);
    });
  });
}
