import type { OrderHistory } from '../order-history.ts';
import { lastRevision, noteChange, type QuarterDocument } from './changed-quarters.ts';
import type { MongoDatabase } from './mongo-database.ts';
import type { OrderDocument } from './order-document.ts';
import { figuresBetween } from './order-figures.ts';

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
    figuresBetween: (restaurantId, from, until, timeZone) =>
      figuresBetween(database, restaurantId, from, until, timeZone),

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
