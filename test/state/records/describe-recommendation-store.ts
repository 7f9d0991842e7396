import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Lesson, RecommendationStore } from '../../../workers/state/records/recommendations.ts';
import type { Stores } from '../../../workers/state/records/stores.ts';
import { sampleOrder } from '../samples.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

const noon = new Date('2026-11-23T12:00:00.000Z');

/** A user's order of a pizza and a salad, the first of both. */
function lessonOf(orderId: string, changes: Partial<Lesson> = {}): Lesson {
  return {
    orderId,
    userId: 'user-ann',
    restaurantId: 'roma',
    revision: 0,
    tastes: [
      { dish: 'roma/pizza', times: 1, lastOrderedAt: noon },
      { dish: 'roma/salad', times: 1, lastOrderedAt: noon },
    ],
    weights: [
      { dish: 'roma/pizza', weight: 1 },
      { dish: 'roma/salad', weight: 1 },
    ],
    pairs: [{ dishes: ['roma/pizza', 'roma/salad'], weight: 0.5 }],
    ...changes,
  };
}

async function deliver({ orders }: Stores, orderId: string): Promise<void> {
  await orders.record(sampleOrder({ orderId }));
  for (const status of ['paid', 'confirmed', 'driver_assigned', 'picked_up', 'delivered'] as const) {
    await orders.transition(orderId, status);
  }
}

export function describeRecommendationStore(open: OpenStores): void {
  describe('the model of recommendations in a store', () => {
    let opened: OpenedStores;
    let model: RecommendationStore;
    beforeEach(async () => {
      opened = await open();
      model = opened.stores.recommendations;
    });
    afterEach(() => opened.close());

    it('has delivered orders to learn from, oldest first, and no others', async () => {
      await opened.stores.orders.record(sampleOrder({ orderId: 'on-its-way' }));
      await opened.stores.orders.transition('on-its-way', 'paid');
      for (const orderId of ['b', 'a', 'c']) await deliver(opened.stores, orderId);
      expect([...(await model.unlearned(10))].sort()).toEqual(['a', 'b', 'c']);
      expect(await model.unlearned(2)).toHaveLength(2);
      expect(await model.unlearned(0)).toEqual([]);
    });

    it('learns from an order once, whoever tries again', async () => {
      await deliver(opened.stores, 'o1');
      expect(await model.learn(lessonOf('o1'))).toBe('learned');
      expect(await opened.elsewhere.recommendations.learn(lessonOf('o1', { revision: 1 }))).toBe('already');
      expect(await model.learn(lessonOf('never-delivered'))).toBe('already');
      expect(await model.unlearned(10)).toEqual([]);
      expect(await model.tasteOf('user-ann')).toEqual({
        revision: 1,
        tastes: expect.arrayContaining([...lessonOf('o1').tastes]),
      });
      expect(await model.weightsOf(['roma/salad', 'roma/cake', 'roma/pizza'])).toEqual([1, 0, 1]);
      expect(await model.pairsOf(['roma/pizza', 'roma/salad', 'roma/cake'], 5)).toEqual([
        [{ dish: 'roma/salad', weight: 0.5 }],
        [{ dish: 'roma/pizza', weight: 0.5 }],
        [],
      ]);
    });

    it('leaves out an order that is passed over', async () => {
      await deliver(opened.stores, 'o1');
      await deliver(opened.stores, 'o2');
      await model.passOver('o1');
      await model.passOver('no-order');
      expect(await model.unlearned(10)).toEqual(['o2']);
    });

    it('refuses a lesson that another order of the user has overtaken', async () => {
      await deliver(opened.stores, 'o1');
      await deliver(opened.stores, 'o2');
      expect(await model.learn(lessonOf('o1'))).toBe('learned');
      expect(await model.learn(lessonOf('o2'))).toBe('outdated');
      expect(await model.unlearned(10)).toEqual(['o2']);
      expect(await model.learn(lessonOf('o2', { revision: 1, tastes: [] }))).toBe('learned');
      expect(await model.tasteOf('user-ann')).toEqual({ revision: 2, tastes: [] });
      expect(await model.weightsOf(['roma/pizza'])).toEqual([2]);
    });

    it('finds the strongest pairs and the most popular dishes first', async () => {
      for (const [orderId, dish, weight] of [
        ['o1', 'roma/cake', 1],
        ['o2', 'thai/curry', 3],
        ['o3', 'roma/soup', 2],
      ] as const) {
        await deliver(opened.stores, orderId);
        const pairs = [{ dishes: ['roma/pizza', dish] as const, weight }];
        const restaurantId = dish.split('/')[0] ?? '';
        const lesson = { userId: orderId, restaurantId, tastes: [], weights: [{ dish, weight }], pairs };
        expect(await model.learn(lessonOf(orderId, lesson))).toBe('learned');
      }
      const [pairs = []] = await model.pairsOf(['roma/pizza'], 2);
      expect(pairs.map(({ dish }) => dish)).toEqual(['thai/curry', 'roma/soup']);
      expect(await model.popular(['thai', 'roma', 'closed'], 1)).toEqual([
        { dish: 'thai/curry', weight: 3 },
        { dish: 'roma/soup', weight: 2 },
      ]);
    });

    it('keeps a bounded number of pairs of a dish, the strongest', async () => {
      await deliver(opened.stores, 'o1');
      const pairs = Array.from({ length: 1_000 }, (_, i) => ({
        dishes: ['roma/pizza', `roma/dish-${i}`] as const,
        weight: i + 1,
      }));
      await model.learn(lessonOf('o1', { pairs }));
      const [kept = []] = await model.pairsOf(['roma/pizza'], 1_000);
      expect(kept.length).toBeGreaterThanOrEqual(100);
      expect(kept.length).toBeLessThan(1_000);
      expect(kept[0]).toEqual({ dish: 'roma/dish-999', weight: 1_000 });
    });
  });
}
