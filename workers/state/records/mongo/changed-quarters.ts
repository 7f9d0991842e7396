import type { Identified, MongoDatabase } from './mongo-database.ts';
import { upserting } from './mongo-errors.ts';
import { type OrderDocument, quarterOf } from './order-document.ts';

export interface QuarterDocument extends Identified {
  readonly restaurantId: string;
  /** Its start, in ms since 1970. */
  readonly from: number;
  readonly revision: number;
}

interface CounterDocument extends Identified {
  readonly value: number;
}

/** The number of the last change of any order. */
export async function lastRevision(database: MongoDatabase): Promise<number> {
  const counter = await database.run<CounterDocument, CounterDocument | null>('counters', (counters) =>
    counters.findOne({ _id: 'orderChanges' }),
  );
  return counter?.value ?? 0;
}

/**
 * Notes that an order changed, after it did: whoever sees the note sees the change. Until then the order itself says that
 * it is unnoted, so that a crash in between loses nothing: the next one who asks for changes notes it.
 */
export async function noteChange(
  database: MongoDatabase,
  { _id, restaurantId, placedAtMs, sequence }: OrderDocument,
): Promise<void> {
  const counter = await database.run<CounterDocument, CounterDocument | null>('counters', (counters) =>
    upserting(() =>
      counters.findOneAndUpdate(
        { _id: 'orderChanges' },
        { $inc: { value: 1 } },
        { upsert: true, returnDocument: 'after' },
      ),
    ),
  );
  const from = quarterOf(placedAtMs);
  await database.run<QuarterDocument, unknown>('changedQuarters', (quarters) =>
    upserting(() =>
      quarters.updateOne(
        { _id: `${restaurantId}/${from}` },
        { $set: { restaurantId, from }, $max: { revision: counter?.value ?? 0 } },
        { upsert: true },
      ),
    ),
  );
  // A change that came meanwhile has another sequence, and is noted by whoever made it.
  await database.run<OrderDocument, unknown>('orders', (orders) =>
    orders.updateOne({ _id, sequence }, { $set: { unnoted: false } }),
  );
}
