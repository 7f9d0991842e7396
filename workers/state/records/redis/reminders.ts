import { redisKey } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { claimReminder } from '../../scripts/claim-reminder.ts';
import { giveReminderBack } from '../../scripts/give-reminder-back.ts';
import type { ReminderStore } from '../reminders.ts';

/** Reminders in Redis: an index of customers by the time since which they are idle, and a set of those who want none. */
export function redisReminderStore(connection: RedisConnection): ReminderStore {
  const index = redisKey('idleCustomers', {});
  const unsubscribed = redisKey('unsubscribed', {});

  return {
    idle: (since, limit) =>
      connection.run((redis) => redis.zrangebyscore(index, '-inf', since.getTime(), 'LIMIT', 0, limit)),

    countIdle: (since) => connection.run((redis) => redis.zcount(index, '-inf', since.getTime())),

    async claim(userId, since, next) {
      const args = [userId, since.getTime(), next.getTime()];
      return (await connection.script(claimReminder, [index, unsubscribed], args)) === 1;
    },

    async giveBack(userId, next, since) {
      await connection.script(giveReminderBack, [index], [userId, next.getTime(), since.getTime()]);
    },

    async unsubscribe(userId) {
      await connection.run((redis) => redis.multi().sadd(unsubscribed, userId).zrem(index, userId).exec());
    },

    isUnsubscribed: async (userId) =>
      (await connection.run((redis) => redis.sismember(unsubscribed, userId))) === 1,
  };
}
