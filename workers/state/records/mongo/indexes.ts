import type { IndexDescription } from 'mongodb';

/** What is looked up by something else than its id, and what ends by itself. Making an index that exists is no change. */
export const collectionIndexes: Readonly<Record<string, readonly IndexDescription[]>> = {
  users: [{ key: { emailKey: 1 }, unique: true }, { key: { idleSince: 1, _id: 1 } }],
  menuItems: [{ key: { restaurantId: 1, _id: 1 } }],
  orders: [
    { key: { userId: 1, placedAtMs: -1 } },
    { key: { restaurantId: 1, status: 1, placedAtMs: 1 } },
    { key: { restaurantId: 1, placedAtMs: 1 } },
    { key: { restaurantId: 1, unnoted: 1 } },
    { key: { placedAtMs: 1 } },
    { key: { status: 1 } },
    { key: { unlearnedSince: 1 } },
  ],
  changedQuarters: [{ key: { restaurantId: 1, from: 1 } }],
  notifications: [{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }],
  drivers: [{ key: { onDuty: 1, orderId: 1, latitude: 1 } }, { key: { orderId: 1 } }],
  carts: [{ key: { expiresAtMs: 1 } }],
  dishWeights: [{ key: { restaurantId: 1, weight: -1 } }],
  dishPairs: [{ key: { dish: 1, weight: -1 } }],
};
