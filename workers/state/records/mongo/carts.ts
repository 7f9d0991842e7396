import { checkStored } from '../../stored.ts';
import { Cart, type CartStore } from '../carts.ts';
import type { Identified, MongoDatabase } from './mongo-database.ts';
import { upserting } from './mongo-errors.ts';

interface CartDocument extends Identified {
  readonly cart: Cart;
  readonly expiresAtMs: number;
}

/** Carts in MongoDB: a document for each user. */
export function mongoCartStore(database: MongoDatabase): CartStore {
  return {
    async find(userId, now) {
      const document = await database.run<CartDocument, CartDocument | null>('carts', (carts) =>
        carts.findOne({ _id: userId, expiresAtMs: { $gt: now.getTime() } }),
      );
      return document === null ? undefined : checkStored(Cart, `carts/${userId}`, document.cart);
    },

    async save(userId, cart) {
      const document = { cart, expiresAtMs: Date.parse(cart.expiresAt) };
      await database.run<CartDocument, unknown>('carts', (carts) =>
        upserting(() => carts.replaceOne({ _id: userId }, document, { upsert: true })),
      );
    },

    async remove(userId) {
      const { deletedCount } = await database.run('carts', (carts) => carts.deleteOne({ _id: userId }));
      return deletedCount > 0;
    },

    removeExpired: (now, limit) =>
      database.run<CartDocument, { readonly seen: number; readonly removed: number }>(
        'carts',
        async (carts) => {
          const expired = { expiresAtMs: { $lte: now.getTime() } };
          const found = await carts.find(expired).sort({ expiresAtMs: 1 }).limit(limit).toArray();
          const ids = found.map(({ _id }) => _id);
          // One that was saved again meanwhile does not fit any more.
          const { deletedCount } = await carts.deleteMany({ _id: { $in: ids }, ...expired });
          return { seen: found.length, removed: deletedCount };
        },
      ),
  };
}
