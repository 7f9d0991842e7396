import { checkStored } from '../../stored.ts';
import { MenuItem, Restaurant, type RestaurantStore } from '../restaurants.ts';
import type { Identified, MongoDatabase } from './mongo-database.ts';
import { upserting } from './mongo-errors.ts';

interface RestaurantDocument extends Identified {
  readonly restaurant: Restaurant;
}

interface MenuItemDocument extends Identified {
  readonly restaurantId: string;
  readonly item: MenuItem;
}

/** Restaurants in MongoDB: a document for each, and one for each item of a menu. */
export function mongoRestaurantStore(database: MongoDatabase): RestaurantStore {
  const parse = ({ _id, restaurant }: RestaurantDocument) =>
    checkStored(Restaurant, `restaurants/${_id}`, restaurant);

  return {
    async save(restaurant) {
      const { restaurantId: _id } = restaurant;
      await database.run<RestaurantDocument, unknown>('restaurants', (restaurants) =>
        upserting(() => restaurants.replaceOne({ _id }, { restaurant }, { upsert: true })),
      );
    },

    async find(restaurantId) {
      const document = await database.run<RestaurantDocument, RestaurantDocument | null>(
        'restaurants',
        (restaurants) => restaurants.findOne({ _id: restaurantId }),
      );
      return document === null ? undefined : parse(document);
    },

    async list() {
      const documents = await database.run<RestaurantDocument, RestaurantDocument[]>(
        'restaurants',
        (restaurants) => restaurants.find().toArray(),
      );
      return documents
        .map(parse)
        .sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.restaurantId < b.restaurantId ? -1 : 1));
    },

    async menu(restaurantId) {
      const documents = await database.run<MenuItemDocument, MenuItemDocument[]>('menuItems', (items) =>
        items.find({ restaurantId }).sort({ _id: 1 }).toArray(),
      );
      return documents.map(({ _id, item }) => checkStored(MenuItem, `menuItems/${_id}`, item));
    },

    async saveMenuItem(restaurantId, item) {
      // Ids hold no slash.
      const _id = `${restaurantId}/${item.menuItemId}`;
      await database.run<MenuItemDocument, unknown>('menuItems', (items) =>
        upserting(() => items.replaceOne({ _id }, { restaurantId, item }, { upsert: true })),
      );
    },
  };
}
