import { z } from 'zod';
import { Contact, Identifier } from '../../platform/order.ts';
import { Locale, Role } from '../../state/records/users.ts';

const Password = z.string().min(8).max(200);

export const RegisterRequest = z.strictObject({
  name: z.string().trim().min(1).max(200),
  ...Contact.shape,
  locale: Locale.optional(),
  password: Password,
  role: z
    .enum(['customer', 'driver'])
    .default('customer')
    .describe('Accounts of restaurants are made by the operator'),
});

export const LoginRequest = z.strictObject({
  email: Contact.shape.email,
  // As long as any text can be: an old, short password is wrong rather than malformed.
  password: z.string().min(1).max(1_000),
});

/** An account as its owner sees it. */
export const Account = z
  .object({
    userId: Identifier,
    name: z.string(),
    ...Contact.shape,
    locale: Locale.optional(),
    role: Role,
    restaurantId: Identifier.optional().describe('The restaurant this account speaks for'),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof Account>;

export const LoginResponse = z
  .object({
    token: z.string().describe('Send it as Authorization: Bearer <token>'),
    expiresAt: z.iso.datetime(),
    account: Account,
  })
  .meta({ id: 'LoginResponse' });
