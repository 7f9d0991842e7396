import { type Cache, RedisCache } from './cache.ts';
import { RedisMessageLedger } from './message-ledger.ts';
import { createOrderRequests, type OrderRequests } from './order-requests.ts';
import { type OrderStatusBoard, RedisOrderStatusBoard } from './order-status.ts';
import { createRateLimiter, type RateLimiter } from './rate-limit.ts';
import { createRedisStores } from './records/redis/stores.ts';
import type { Stores } from './records/stores.ts';
import { RedisConnection, type StateLog } from './redis-connection.ts';
import type { RedisAddress } from './redis-options.ts';
import { createScheduleRuns, type ScheduleRuns } from './schedule-runs.ts';
import { createSessions, type Sessions } from './sessions.ts';

/** All that the platform remembers. Methods throw PlatformError STATE_UNAVAILABLE while Redis is away. */
export interface State {
  readonly stores: Stores;
  readonly sessions: Sessions;
  readonly rateLimiter: RateLimiter;
  readonly cache: Cache;
  readonly orderStatus: OrderStatusBoard;
  readonly orderRequests: OrderRequests;
  readonly scheduleRuns: ScheduleRuns;
  readonly ledger: RedisMessageLedger;
  /** Whether Redis answers now, for /readyz; resolves within about two seconds. */
  ready(): Promise<boolean>;
  /** Ends every watch, waits for the answers under way and disconnects. */
  close(): Promise<void>;
}

/**
 * Opens the state of the platform. It returns at once and connects by itself, so that a process can start while
 * Redis is away; `ready` says when it is there.
 *
 * @param env REDIS_URL, or REDIS_HOST, REDIS_PORT and REDIS_PASSWORD
 */
export function openState(env: RedisAddress, log: StateLog): State {
  const connection = new RedisConnection(env, log);
  const orderStatus = new RedisOrderStatusBoard(connection, env, log);
  return {
    stores: createRedisStores(connection),
    sessions: createSessions(connection),
    rateLimiter: createRateLimiter(connection),
    cache: new RedisCache(connection),
    orderStatus,
    orderRequests: createOrderRequests(connection),
    scheduleRuns: createScheduleRuns(connection),
    ledger: new RedisMessageLedger(connection),
    ready: () => connection.ready(),
    close: async () => {
      await orderStatus.close();
      await connection.close();
    },
  };
}
