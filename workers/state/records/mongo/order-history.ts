import type { OrderHistory } from '../order-history.ts';
import { lastRevision, noteChange, type QuarterDocument } from './changed-quarters.ts';
import type { MongoDatabase } from './mongo-database.ts';
import { type OrderDocument, orderFromDocument } from './order-document.ts';

const pageSize = 500;

/** The history of orders in MongoDB. */
export function mongoOrderHistory(database: MongoDatabase): OrderHistory {
  /** Notes the changes of processes that ended before they could. */
  async function noteTheRest(restaurantId: string): Promise<void> {
    const unnoted = await database.run<OrderDocument, OrderDocument[]>('orders', (orders) =>
      orders.find({ restaurantId, unnoted: true }).toArray(),
    );
    for (const order of unnoted) await noteChange(database, order);
  }

  return {
    async *placedBetween(restaurantId, from, until) {
      // Pages by the last order seen rather than a cursor, which ends by itself while a slow reader works.
      let after: { readonly at: number; readonly id: string } = { at: from.getTime(), id: '' };
      for (;;) {
        const { at, id } = after;
        const page = await database.run<OrderDocument, OrderDocument[]>('orders', (orders) =>
          orders
            .find({
              restaurantId,
              placedAtMs: { $gte: at, $lt: until.getTime() },
              $or: [{ placedAtMs: { $gt: at } }, { _id: { $gt: id } }],
            })
            .sort({ placedAtMs: 1, _id: 1 })
            .limit(pageSize)
            .toArray(),
        );
        for (const document of page) yield orderFromDocument(document);
        const last = page.at(-1);
        if (last === undefined || page.length < pageSize) return;
        after = { at: last.placedAtMs, id: last._id };
      }
    },

    async changesOf(restaurantId) {
      await noteTheRest(restaurantId);
      // The number first: whatever is read later has at least the changes it counts.
      const revision = await lastRevision(database);
      const quarters = await database.run<QuarterDocument, QuarterDocument[]>('changedQuarters', (all) =>
        all.find({ restaurantId }).sort({ from: 1 }).toArray(),
      );
      return {
        revision,
        quarters: quarters.map((quarter) => ({ from: new Date(quarter.from), revision: quarter.revision })),
      };
    },

    async settle(restaurantId, quarters) {
      for (const { from, revision } of quarters) {
        await database.run<QuarterDocument, unknown>('changedQuarters', (all) =>
          all.deleteOne({ _id: `${restaurantId}/${from.getTime()}`, revision: { $lte: revision } }),
        );
      }
    },
  };
}
