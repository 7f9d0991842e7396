import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Cart } from '../../../workers/state/records/carts.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

const noon = new Date('2026-11-25T12:00:00Z');
const minutesLater = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

/** A cart that expires so many minutes after noon. */
function cart(minutes: number, changes: Partial<Cart> = {}): Cart {
  return {
    restaurantId: 'roma',
    items: [{ menuItemId: 'pizza', quantity: 2 }],
    updatedAt: noon.toISOString(),
    expiresAt: minutesLater(minutes).toISOString(),
    ...changes,
  };
}

export function describeCartStore(open: OpenStores): void {
  describe('the cart store', () => {
    let opened: OpenedStores;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('keeps one cart for each user, the last one', async () => {
      const { carts } = opened.stores;
      await carts.save('ann', cart(10));
      await carts.save('ann', cart(20, { restaurantId: 'saigon' }));
      await carts.save('bob', cart(10));
      expect(await opened.elsewhere.carts.find('ann', noon)).toEqual(cart(20, { restaurantId: 'saigon' }));
      expect(await carts.find('bob', noon)).toEqual(cart(10));
      expect(await carts.find('cid', noon)).toBeUndefined();
    });

    it('removes a cart, and says whether there was one', async () => {
      const { carts } = opened.stores;
      await carts.save('ann', cart(10));
      expect(await carts.remove('ann')).toBe(true);
      expect(await carts.remove('ann')).toBe(false);
      expect(await carts.find('ann', noon)).toBeUndefined();
      expect(await carts.removeExpired(minutesLater(60), 10)).toEqual({ seen: 0, removed: 0 });
    });

    it('has no cart that expired, though nobody cleaned up', async () => {
      const { carts } = opened.stores;
      await carts.save('ann', cart(10));
      expect(await carts.find('ann', minutesLater(9))).toBeDefined();
      expect(await carts.find('ann', minutesLater(10))).toBeUndefined();
    });

    it('removes expired carts batch by batch, and no others', async () => {
      const { carts } = opened.stores;
      for (let i = 0; i < 5; i += 1) await carts.save(`user-${i}`, cart(i));
      await carts.save('late', cart(60));
      expect(await carts.removeExpired(minutesLater(30), 3)).toEqual({ seen: 3, removed: 3 });
      expect(await carts.find('user-2', new Date(0))).toBeUndefined();
      expect(await carts.find('user-3', new Date(0))).toBeDefined();
      expect(await carts.removeExpired(minutesLater(30), 3)).toEqual({ seen: 2, removed: 2 });
      expect(await carts.removeExpired(minutesLater(30), 3)).toEqual({ seen: 0, removed: 0 });
      expect(await carts.find('late', minutesLater(30))).toBeDefined();
    });

    it('keeps a cart that is saved again while expired ones are removed', async () => {
      const { carts } = opened.stores;
      for (let i = 0; i < 50; i += 1) await carts.save(`user-${i}`, cart(1));
      await Promise.all([
        opened.elsewhere.carts.removeExpired(minutesLater(30), 100),
        ...Array.from({ length: 50 }, (_, i) => carts.save(`user-${i}`, cart(60))),
      ]);
      await carts.removeExpired(minutesLater(30), 100);
      for (let i = 0; i < 50; i += 1)
        expect(await carts.find(`user-${i}`, minutesLater(30))).toEqual(cart(60));
    });
  });
}
