import type { Stores } from '../../state/records/stores.ts';
import type { Role, User } from '../../state/records/users.ts';
import { createPasswords } from '../auth/passwords.ts';
import { demoRestaurants } from './demo-restaurants.ts';

export interface DemoSize {
  readonly drivers: number;
  readonly customers: number;
  /** The password of every account that is made. */
  readonly password: string;
}

/** Who can log in after seeding. */
export interface DemoAccount {
  readonly role: Role;
  readonly email: string;
  readonly userId: string;
  readonly restaurantId?: string;
}

/**
 * Adds restaurants with menus, an account for each of them, drivers and customers. Ids and e-mail addresses are the
 * same every time; what exists already stays as it is, its password included.
 */
export async function seedDemo(stores: Stores, size: DemoSize): Promise<readonly DemoAccount[]> {
  for (const { restaurant, menu } of demoRestaurants) {
    const { restaurantId } = restaurant;
    if ((await stores.restaurants.find(restaurantId)) !== undefined) continue;
    // The restaurant comes last: where it exists, its menu is complete.
    for (const item of menu) await stores.restaurants.saveMenuItem(restaurantId, item);
    await stores.restaurants.save(restaurant);
  }
  // One hash for all: the accounts share a password that is no secret among them.
  const passwordHash = await createPasswords().hash(size.password);
  const createdAt = new Date().toISOString();
  const users: readonly Omit<User, 'passwordHash' | 'createdAt'>[] = [
    ...demoRestaurants.map(({ restaurant: { restaurantId, name } }) => ({
      ...account('restaurant', restaurantId, name),
      restaurantId,
    })),
    ...numbered('driver', size.drivers),
    ...numbered('customer', size.customers),
  ];
  await Promise.all(users.map((user) => stores.users.create({ ...user, passwordHash, createdAt })));
  return users.map(({ role, email, userId, restaurantId }) => ({
    role,
    email,
    userId,
    ...(restaurantId !== undefined && { restaurantId }),
  }));
}

function numbered(role: 'driver' | 'customer', count: number) {
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    return account(role, `${role}-${number}`, `Demo ${role} ${number}`);
  });
}

function account<R extends Role>(role: R, id: string, name: string) {
  return { role, userId: id, name, email: `${id}@smarteats.example` };
}
