import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleOrder, sampleUser } from '../samples.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

const day = (n: number) => new Date(Date.UTC(2026, 9, n));

export function describeReminderStore(open: OpenStores): void {
  describe('the reminder store', () => {
    let opened: OpenedStores;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const join = (userId: string, at: Date, role: 'customer' | 'driver' = 'customer') =>
      opened.stores.users.create(
        sampleUser({ userId, email: `${userId}@example.com`, role, createdAt: at.toISOString() }),
      );
    const order = (userId: string, at: Date) =>
      opened.stores.orders.record(sampleOrder({ userId, placedAt: at.toISOString() }));

    it('counts a customer as idle since the account was made, and nobody else', async () => {
      await join('ann', day(1));
      await join('dora', day(1), 'driver');
      expect(await opened.stores.reminders.idle(day(1), 10)).toEqual(['ann']);
      expect(await opened.stores.reminders.idle(new Date(day(1).getTime() - 1), 10)).toEqual([]);
      expect(await opened.elsewhere.reminders.countIdle(day(2))).toBe(1);
    });

    it('counts a customer as idle since the last order, in whatever order they arrive', async () => {
      await join('ann', day(1));
      await order('ann', day(9));
      await order('ann', day(5));
      expect(await opened.stores.reminders.idle(day(8), 10)).toEqual([]);
      expect(await opened.stores.reminders.idle(day(9), 10)).toEqual(['ann']);
    });

    it('lists those first who have been idle longest, as many as were asked for', async () => {
      await join('late', day(3));
      await join('early', day(1));
      await join('middle', day(2));
      expect(await opened.stores.reminders.idle(day(9), 2)).toEqual(['early', 'middle']);
      expect(await opened.stores.reminders.countIdle(day(9))).toBe(3);
    });

    it('gives a reminder to one of many who ask, and to nobody until the customer is idle again', async () => {
      await join('ann', day(1));
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 === 0 ? opened.stores : opened.elsewhere).reminders.claim('ann', day(5), day(20)),
        ),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await opened.stores.reminders.idle(day(19), 10)).toEqual([]);
      expect(await opened.stores.reminders.claim('ann', day(20), day(30))).toBe(true);
    });

    it('gives no reminder of a customer who has just ordered, or whom nobody knows', async () => {
      await join('ann', day(1));
      await order('ann', day(6));
      expect(await opened.stores.reminders.claim('ann', day(5), day(20))).toBe(false);
      expect(await opened.stores.reminders.claim('nobody', day(5), day(20))).toBe(false);
    });

    it('takes a reminder back that could not be sent, unless the customer ordered meanwhile', async () => {
      const { reminders } = opened.stores;
      await join('ann', day(1));
      await reminders.claim('ann', day(5), day(20));
      await reminders.giveBack('ann', day(20), day(5));
      expect(await reminders.idle(day(5), 10)).toEqual(['ann']);
      await reminders.claim('ann', day(5), day(20));
      await order('ann', day(25));
      await reminders.giveBack('ann', day(20), day(5));
      expect(await reminders.idle(day(24), 10)).toEqual([]);
    });

    it('lets an order after a reminder change nothing about when the next one is due at the earliest', async () => {
      await join('ann', day(1));
      await opened.stores.reminders.claim('ann', day(5), day(20));
      await order('ann', day(10));
      expect(await opened.stores.reminders.idle(day(19), 10)).toEqual([]);
    });

    it('never gives a reminder of a customer who unsubscribed, orders or not', async () => {
      const { reminders } = opened.stores;
      await join('ann', day(1));
      expect(await reminders.isUnsubscribed('ann')).toBe(false);
      await reminders.unsubscribe('ann');
      await reminders.unsubscribe('ann');
      expect(await opened.elsewhere.reminders.isUnsubscribed('ann')).toBe(true);
      expect(await reminders.idle(day(9), 10)).toEqual([]);
      await order('ann', day(10));
      expect(await reminders.claim('ann', day(20), day(30))).toBe(false);
      // Whoever is refused is not in the way of the others any more.
      expect(await reminders.idle(day(20), 10)).toEqual([]);
    });
  });
}
