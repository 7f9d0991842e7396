import { z } from 'zod';
import { Contact, Identifier } from '../../platform/order.ts';

export const Role = z.enum(['customer', 'restaurant', 'driver']);
export type Role = z.infer<typeof Role>;

/** The language and region that a user reads, e.g. `de-DE` (BCP 47). */
export const Locale = z
  .string()
  .max(35)
  .refine(isLocale, { message: 'must be a language tag such as en, de-DE or pt-BR' })
  .describe('Language and region of messages (BCP 47), e.g. de-DE');

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

export const User = z.strictObject({
  userId: Identifier,
  name: z.string().min(1).max(200),
  ...Contact.shape,
  role: Role,
  /** The restaurant that a user of role `restaurant` speaks for. */
  restaurantId: Identifier.optional(),
  locale: Locale.optional(),
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
