import { orderStatuses } from '../../../platform/order.ts';
import { redisKey } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { settleChanges } from '../../scripts/settle-changes.ts';
import { recordCorrupt } from '../../stored.ts';
import { DayTally } from '../day-tally.ts';
import type { OrderHistory } from '../order-history.ts';
import type { OrderRecord } from '../orders.ts';
import { readOrders } from './read-orders.ts';

const windowMs = 86_400_000;
const pageSize = 500;

/** The history of orders in Redis, read from the indexes that each order keeps up to date itself. */
export function redisOrderHistory(connection: RedisConnection): OrderHistory {
  const changedOf = (restaurantId: string) => redisKey('changedQuarters', { restaurantId });
  const counter = redisKey('orderChanges', {});

  /** Ids of the orders placed in one window: whatever their status, since an order is in exactly one index at a time. */
  async function idsBetween(restaurantId: string, from: number, until: number): Promise<readonly string[]> {
    const answers = await connection.run((redis) => {
      const transaction = redis.multi();
      for (const status of orderStatuses) {
        const index = redisKey('ordersOfRestaurant', { restaurantId, status });
        transaction.zrangebyscore(index, from, `(${until}`, 'WITHSCORES');
      }
      return transaction.exec();
    });
    const found: [id: string, placedAt: number][] = [];
    for (const [error, reply] of answers ?? []) {
      if (error !== null) throw recordCorrupt(`orders of ${restaurantId}`, error.message, error);
      // ZRANGEBYSCORE WITHSCORES answers with members and scores in turn.
      const flat = reply as readonly string[];
      for (let i = 0; i + 1 < flat.length; i += 2) found.push([flat[i] ?? '', Number(flat[i + 1])]);
    }
    return found.sort(([a, at], [b, bt]) => at - bt || (a < b ? -1 : 1)).map(([id]) => id);
  }

  /** The orders themselves, oldest first, in pages: a long period costs no more memory than a day. */
  async function* placedBetween(
    restaurantId: string,
    from: Date,
    until: Date,
  ): AsyncGenerator<OrderRecord, void, undefined> {
    for (let start = from.getTime(); start < until.getTime(); start += windowMs) {
      const end = Math.min(start + windowMs, until.getTime());
      const ids = await idsBetween(restaurantId, start, end);
      for (let first = 0; first < ids.length; first += pageSize) {
        yield* await readOrders(
          connection,
          ids.slice(first, first + pageSize),
          `the orders of ${restaurantId}`,
        );
      }
    }
  }

  return {
    async figuresBetween(restaurantId, from, until, timeZone) {
      const tally = new DayTally(timeZone);
      for await (const order of placedBetween(restaurantId, from, until)) tally.add(order);
      return tally.figures();
    },

    async changesOf(restaurantId) {
      // The number first: whatever is read later has at least the changes it counts.
      const revision = Number((await connection.run((redis) => redis.get(counter))) ?? 0);
      const key = changedOf(restaurantId);
      const noted = Object.entries(await connection.run((redis) => redis.hgetall(key)));
      if (!Number.isSafeInteger(revision)) throw recordCorrupt(counter, 'it is no number');
      const quarters = noted.map(([from, change]) => ({
        from: new Date(Number(from)),
        revision: Number(change),
      }));
      if (quarters.some((quarter) => Number.isNaN(quarter.from.getTime() + quarter.revision))) {
        throw recordCorrupt(key, 'it holds something else than times and numbers');
      }
      return { revision, quarters: quarters.sort((a, b) => a.from.getTime() - b.from.getTime()) };
    },

    async settle(restaurantId, quarters) {
      for (let first = 0; first < quarters.length; first += pageSize) {
        const some = quarters.slice(first, first + pageSize);
        await connection.script(
          settleChanges,
          [changedOf(restaurantId)],
          some.flatMap(({ from, revision }) => [from.getTime(), revision]),
        );
      }
    },
  };
}
