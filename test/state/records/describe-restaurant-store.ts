import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleMenuItem, sampleRestaurant } from '../samples.ts';
import type { OpenedStores, OpenStores } from './opened-stores.ts';

export function describeRestaurantStore(open: OpenStores): void {
  describe('the restaurant store', () => {
    let opened: OpenedStores;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('finds a restaurant as it was saved last', async () => {
      const restaurant = sampleRestaurant();
      await opened.stores.restaurants.save(restaurant);
      await opened.stores.restaurants.save({ ...restaurant, open: false });
      expect(await opened.elsewhere.restaurants.find(restaurant.restaurantId)).toEqual({
        ...restaurant,
        open: false,
      });
      expect(await opened.stores.restaurants.find('nowhere')).toBeUndefined();
    });

    it('lists every restaurant once, by name', async () => {
      const names = ['Roma', 'Adler', 'Åre', 'zebra', 'Roma'];
      const restaurants = names.map((name, i) => sampleRestaurant({ name, restaurantId: `r${i}` }));
      for (const restaurant of restaurants) await opened.stores.restaurants.save(restaurant);
      await opened.stores.restaurants.save(sampleRestaurant({ name: 'Adler', restaurantId: 'r1' }));
      const listed = await opened.elsewhere.restaurants.list();
      expect(listed.map(({ restaurantId }) => restaurantId)).toEqual(['r1', 'r2', 'r0', 'r4', 'r3']);
    });

    it('lists nothing where nothing was saved', async () => {
      expect(await opened.stores.restaurants.list()).toEqual([]);
      expect(await opened.stores.restaurants.menu('r1')).toEqual([]);
    });

    it('keeps the menu of each restaurant, by id, with the last version of an item', async () => {
      const { restaurants } = opened.stores;
      await restaurants.saveMenuItem('r1', sampleMenuItem({ menuItemId: 'soup' }));
      await restaurants.saveMenuItem('r1', sampleMenuItem({ menuItemId: 'bread' }));
      await restaurants.saveMenuItem('r2', sampleMenuItem({ menuItemId: 'cake' }));
      await restaurants.saveMenuItem('r1', sampleMenuItem({ menuItemId: 'soup', available: false }));
      const menu = await opened.elsewhere.restaurants.menu('r1');
      expect(menu.map(({ menuItemId, available }) => ({ menuItemId, available }))).toEqual([
        { menuItemId: 'bread', available: true },
        { menuItemId: 'soup', available: false },
      ]);
    });

    it('loses no item when many are saved at once', async () => {
      const ids = Array.from({ length: 100 }, (_, i) => `item-${String(i).padStart(3, '0')}`);
      await Promise.all(
        ids.map((menuItemId, i) =>
          (i % 2 === 0 ? opened.stores : opened.elsewhere).restaurants.saveMenuItem(
            'r1',
            sampleMenuItem({ menuItemId }),
          ),
        ),
      );
      expect((await opened.stores.restaurants.menu('r1')).map(({ menuItemId }) => menuItemId)).toEqual(ids);
    });
  });
}
