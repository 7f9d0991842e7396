import { z } from 'zod';
import { Identifier, Location, Money } from '../../platform/order.ts';

export const Restaurant = z.strictObject({
  restaurantId: Identifier,
  name: z.string().min(1).max(200),
  cuisine: z.string().min(1).max(100),
  location: Location.extend({ address: z.string().min(1).max(300) }),
  /** IANA name, e.g. Europe/Berlin. */
  timeZone: z.string().min(1),
  open: z.boolean(),
});
export type Restaurant = z.infer<typeof Restaurant>;

export const MenuItem = z.strictObject({
  menuItemId: Identifier,
  name: z.string().min(1).max(200),
  description: z.string().max(1_000),
  price: Money,
  available: z.boolean(),
});
export type MenuItem = z.infer<typeof MenuItem>;

export interface RestaurantStore {
  save(restaurant: Restaurant): Promise<void>;
  find(restaurantId: string): Promise<Restaurant | undefined>;
  /** All restaurants by name. */
  list(): Promise<readonly Restaurant[]>;
  /** The menu of a restaurant, by id; empty where nothing was saved. */
  menu(restaurantId: string): Promise<readonly MenuItem[]>;
  /** Adds or replaces one item of a menu. */
  saveMenuItem(restaurantId: string, item: MenuItem): Promise<void>;
}
