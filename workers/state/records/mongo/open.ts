import type { Stores } from '../stores.ts';
import { MongoDatabase } from './mongo-database.ts';
import { createMongoStores } from './stores.ts';

/** The records in MongoDB, and the connection they are read through. */
export interface OpenedMongo {
  readonly stores: Stores;
  readonly database: Pick<MongoDatabase, 'ready' | 'close'>;
}

/** Opens the records in MongoDB; it does not wait for a server. */
export function openMongoStores(uri: string): OpenedMongo {
  const database = new MongoDatabase(uri);
  return { stores: createMongoStores(database), database };
}
