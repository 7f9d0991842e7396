import { z } from 'zod';
import { Contact, Identifier } from '../../platform/order.ts';

export const Role = z.enum(['customer', 'restaurant', 'driver']);
export type Role = z.infer<typeof Role>;

export const User = z.strictObject({
  userId: Identifier,
  name: z.string().min(1).max(200),
  ...Contact.shape,
  role: Role,
  /** The restaurant that a user of role `restaurant` speaks for. */
  restaurantId: Identifier.optional(),
  passwordHash: z.string(),
  createdAt: z.iso.datetime(),
});
export type User = z.infer<typeof User>;

export interface UserStore {
  /**
   * Adds an account.
   * @returns false when the e-mail address (ignoring case) or the id is taken; the same account again is no change
   */
  create(user: User): Promise<boolean>;
  find(userId: string): Promise<User | undefined>;
  findByEmail(email: string): Promise<User | undefined>;
}
