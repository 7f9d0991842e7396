import { type ClientSession, type Collection, type Db, type IndexDescription, MongoClient } from 'mongodb';
import { collectionIndexes } from './indexes.ts';
import { asMongoStateError, isNotImplemented } from './mongo-errors.ts';

/** A document whose id is a text of ours. */
export interface Identified {
  readonly _id: string;
}

/** How long an operation waits for a server, in milliseconds, before MongoDB counts as away. */
const patienceMs = 2_000;

/**
 * The database of the records. It connects by itself, makes its indexes before the first operation, and reconnects
 * for ever; writes are acknowledged by a majority of the servers, on disk.
 */
export class MongoDatabase {
  readonly #client: MongoClient;
  readonly #db: Db;
  #prepared: Promise<void> | undefined;

  /** @param uri mongodb:// or mongodb+srv://; the database is the one it names. @default smarteats */
  constructor(uri: string) {
    this.#client = new MongoClient(uri, {
      serverSelectionTimeoutMS: patienceMs,
      connectTimeoutMS: patienceMs,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      ignoreUndefined: true,
      appName: 'smarteats',
    });
    this.#db = this.#client.db(new URL(uri).pathname.length > 1 ? undefined : 'smarteats');
  }

  /**
   * Runs operations on a collection.
   * @throws PlatformError STATE_UNAVAILABLE while MongoDB is away
   */
  async run<Stored extends Identified, Result>(
    name: string,
    operations: (collection: Collection<Stored>) => Promise<Result>,
  ): Promise<Result> {
    try {
      await this.#prepare();
      return await operations(this.#db.collection<Stored>(name));
    } catch (error) {
      throw asMongoStateError(error);
    }
  }

  /**
   * Runs operations that must all take effect or none, in a transaction where the servers know transactions. A single
   * server without a replica set knows none: there a crash in the middle leaves a part of them.
   * @throws PlatformError STATE_UNAVAILABLE while MongoDB is away
   */
  async together<Result>(
    operations: (session: ClientSession | undefined) => Promise<Result>,
  ): Promise<Result> {
    try {
      await this.#prepare();
      const hello = await this.#db.command({ hello: 1 });
      const knowsTransactions = hello['setName'] !== undefined || hello['msg'] === 'isdbgrid';
      if (!knowsTransactions) return await operations(undefined);
      return await this.#client.withSession((session) => session.withTransaction(() => operations(session)));
    } catch (error) {
      throw asMongoStateError(error);
    }
  }

  /** Whether MongoDB answers now; resolves within about two seconds. */
  async ready(): Promise<boolean> {
    try {
      await this.#prepare();
      await this.#db.command({ ping: 1 });
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #prepare(): Promise<void> {
    this.#prepared ??= this.#createIndexes().catch((error: unknown) => {
      // The next operation tries again.
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  async #createIndexes(): Promise<void> {
    for (const [name, indexes] of Object.entries(collectionIndexes)) {
      for (const index of indexes) await createIndex(this.#db.collection(name), index);
    }
  }
}

/** Making an index that exists is no change. */
async function createIndex(collection: Collection, { key, ...options }: IndexDescription): Promise<void> {
  try {
    await collection.createIndex(key, options);
  } catch (error) {
    if (!isNotImplemented(error)) throw error;
    // Some servers that speak MongoDB's protocol let no document end by itself; nothing relies on that it does.
    const { expireAfterSeconds: _, ...others } = options;
    await collection.createIndex(key, others);
  }
}
