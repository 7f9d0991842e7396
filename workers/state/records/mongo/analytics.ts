import { checkStored } from '../../stored.ts';
import { type AnalyticsStore, DailyFigures, DailySummary } from '../analytics.ts';
import type { Identified, MongoDatabase } from './mongo-database.ts';
import { isDuplicate, upserting } from './mongo-errors.ts';

interface FiguresDocument extends Identified {
  readonly revision: number;
  /** Arrays of arrays are not for every server that speaks MongoDB's protocol. */
  readonly figures: Omit<DailyFigures, 'deliveryMinutes'> & {
    readonly deliveryMinutes: readonly { readonly minutes: number; readonly orders: number }[];
  };
}

interface SummaryDocument extends Identified {
  readonly summary: DailySummary;
}

/** Figures in MongoDB: a document for each day of a restaurant, and one for each day of all together. */
export function mongoAnalyticsStore(database: MongoDatabase): AnalyticsStore {
  const idOf = (restaurantId: string, date: string) => `${restaurantId}/${date}`;

  return {
    async save({ deliveryMinutes, ...others }) {
      const { restaurantId, date, revision } = others;
      const figures = {
        ...others,
        deliveryMinutes: deliveryMinutes.map(([minutes, orders]) => ({ minutes, orders })),
      };
      const _id = idOf(restaurantId, date);
      return database.run<FiguresDocument, boolean>('dailyFigures', async (days) => {
        try {
          await days.insertOne({ _id, revision, figures });
          return true;
        } catch (error) {
          if (!isDuplicate(error)) throw error;
        }
        const earlier = { _id, revision: { $lte: revision } };
        return (await days.updateOne(earlier, { $set: { revision, figures } })).matchedCount === 1;
      });
    },

    async find(restaurantId, dates) {
      const ids = dates.map((date) => idOf(restaurantId, date));
      const found = await database.run<FiguresDocument, FiguresDocument[]>('dailyFigures', (days) =>
        days.find({ _id: { $in: ids } }).toArray(),
      );
      const byId = new Map(found.map(({ _id, figures }) => [_id, figures]));
      return ids.flatMap((id) => {
        const figures = byId.get(id);
        if (figures === undefined) return [];
        const deliveryMinutes = figures.deliveryMinutes.map(({ minutes, orders }) => [minutes, orders]);
        return [checkStored(DailyFigures, `dailyFigures/${id}`, { ...figures, deliveryMinutes })];
      });
    },

    async saveSummary(summary) {
      await database.run<SummaryDocument, unknown>('dailySummaries', (summaries) =>
        upserting(() => summaries.replaceOne({ _id: summary.date }, { summary }, { upsert: true })),
      );
    },

    async findSummary(date) {
      const document = await database.run<SummaryDocument, SummaryDocument | null>(
        'dailySummaries',
        (summaries) => summaries.findOne({ _id: date }),
      );
      return document === null
        ? undefined
        : checkStored(DailySummary, `dailySummaries/${date}`, document.summary);
    },
  };
}
