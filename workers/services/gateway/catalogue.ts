import { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import { MenuItem, Restaurant } from '../../state/records/restaurants.ts';
import type { State } from '../../state/state.ts';

/** Restaurants and menus, read through caches that a change invalidates. */
export interface Catalogue {
  restaurants(): Promise<readonly Restaurant[]>;
  /** @throws PlatformError RESTAURANT_UNKNOWN */
  restaurant(restaurantId: string): Promise<Restaurant>;
  /** The menu of a restaurant that exists. */
  menu(restaurantId: string): Promise<readonly MenuItem[]>;
  /** @throws PlatformError RESTAURANT_UNKNOWN */
  setOpen(restaurantId: string, open: boolean): Promise<Restaurant>;
  /** Adds or replaces an item. @throws PlatformError RESTAURANT_UNKNOWN */
  saveMenuItem(restaurantId: string, item: MenuItem): Promise<MenuItem>;
}

const Menu = z.array(MenuItem);

export function createCatalogue({ stores, cache }: Pick<State, 'stores' | 'cache'>): Catalogue {
  const known = (restaurant: Restaurant | undefined): Restaurant => {
    if (restaurant === undefined) throw new PlatformError('RESTAURANT_UNKNOWN');
    return restaurant;
  };
  return {
    restaurants: () => stores.restaurants.list(),
    restaurant: async (restaurantId) =>
      known(
        await cache.read(
          'restaurantCache',
          { id: restaurantId },
          { schema: Restaurant, load: () => stores.restaurants.find(restaurantId) },
        ),
      ),
    menu: async (restaurantId) =>
      (await cache.read(
        'menuCache',
        { restaurantId },
        { schema: Menu, load: async () => [...(await stores.restaurants.menu(restaurantId))] },
      )) ?? [],
    setOpen: async (restaurantId, open) => {
      const restaurant = { ...known(await stores.restaurants.find(restaurantId)), open };
      await stores.restaurants.save(restaurant);
      await cache.invalidate('restaurantCache', { id: restaurantId });
      return restaurant;
    },
    saveMenuItem: async (restaurantId, item) => {
      known(await stores.restaurants.find(restaurantId));
      await stores.restaurants.saveMenuItem(restaurantId, item);
      await cache.invalidate('menuCache', { restaurantId });
      return item;
    },
  };
}
