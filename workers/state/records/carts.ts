import { z } from 'zod';
import { Identifier } from '../../platform/order.ts';

/** What a customer has put together and not ordered yet; prices come from the menu when it is ordered. */
export const Cart = z.strictObject({
  restaurantId: Identifier,
  items: z
    .array(z.strictObject({ menuItemId: Identifier, quantity: z.int().min(1).max(99) }))
    .min(1)
    .max(50),
  updatedAt: z.iso.datetime(),
  /** From then on it is gone. */
  expiresAt: z.iso.datetime(),
});
export type Cart = z.infer<typeof Cart>;

export interface CartStore {
  /** The cart of a user, unless it has expired by `now`. */
  find(userId: string, now: Date): Promise<Cart | undefined>;
  /** Takes the place of the user's cart. */
  save(userId: string, cart: Cart): Promise<void>;
  /** @returns whether there was one */
  remove(userId: string): Promise<boolean>;
  /**
   * Removes carts that expired before `now`, those first that expired first; one that was saved again stays.
   * @param limit how many at most
   * @returns how many were looked at: fewer than `limit` once none is left
   */
  removeExpired(now: Date, limit: number): Promise<{ readonly seen: number; readonly removed: number }>;
}
