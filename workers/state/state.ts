import { type Cache, RedisCache } from './cache.ts';
import { createFiles, type Files } from './files.ts';
import { RedisMessageLedger } from './message-ledger.ts';
import { createOrderRequests, type OrderRequests } from './order-requests.ts';
import { type OrderStatusBoard, RedisOrderStatusBoard } from './order-status.ts';
import { createRateLimiter, type RateLimiter } from './rate-limit.ts';
import type { OpenedMongo } from './records/mongo/open.ts';
import { createRedisStores } from './records/redis/stores.ts';
import type { Stores } from './records/stores.ts';
import { RedisConnection, type StateLog } from './redis-connection.ts';
import type { RedisAddress } from './redis-options.ts';
import { createScheduleRuns, type ScheduleRuns } from './schedule-runs.ts';
import { createSessions, type Sessions } from './sessions.ts';

/** Where the state is kept. */
type StateAddress = RedisAddress & { readonly MONGODB_URI?: string | undefined };

/** All that the platform remembers. Methods throw PlatformError STATE_UNAVAILABLE while its database is away. */
export interface State {
  readonly stores: Stores;
  readonly sessions: Sessions;
  readonly rateLimiter: RateLimiter;
  readonly cache: Cache;
  readonly orderStatus: OrderStatusBoard;
  readonly orderRequests: OrderRequests;
  readonly scheduleRuns: ScheduleRuns;
  readonly files: Files;
  readonly ledger: RedisMessageLedger;
  /** Whether Redis answers now, for /readyz; resolves within about two seconds. */
  ready(): Promise<boolean>;
  /** Whether MongoDB answers, likewise, where the records are in it. */
  readonly mongodb: { ready(): Promise<boolean> } | undefined;
  /** Ends every watch, waits for the answers under way and disconnects. */
  close(): Promise<void>;
}

/**
 * Opens the state of the platform. It does not wait for a server and connects by itself, so that a process can start
 * while Redis is away; `ready` says when it is there.
 *
 * @param env REDIS_URL, or REDIS_HOST, REDIS_PORT and REDIS_PASSWORD; with MONGODB_URI the records are in MongoDB
 */
export async function openState(env: StateAddress, log: StateLog): Promise<State> {
  const mongo = env.MONGODB_URI === undefined ? undefined : await openMongo(env.MONGODB_URI);
  const connection = new RedisConnection(env, log);
  const orderStatus = new RedisOrderStatusBoard(connection, env, log);
  return {
    stores: mongo?.stores ?? createRedisStores(connection),
    sessions: createSessions(connection),
    rateLimiter: createRateLimiter(connection),
    cache: new RedisCache(connection),
    orderStatus,
    orderRequests: createOrderRequests(connection),
    scheduleRuns: createScheduleRuns(connection),
    files: createFiles(connection),
    ledger: new RedisMessageLedger(connection),
    ready: () => connection.ready(),
    mongodb: mongo?.database,
    close: async () => {
      await orderStatus.close();
      await mongo?.database.close();
      await connection.close();
    },
  };
}

/** MongoDB's driver takes 23 MB and a tenth of a second of every process that loads it, so only those that use it do. */
async function openMongo(uri: string): Promise<OpenedMongo> {
  const { openMongoStores } = await import('./records/mongo/open.ts');
  return openMongoStores(uri);
}
