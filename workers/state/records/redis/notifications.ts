import { redisKey, redisKeys } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import type { NotificationStore } from '../notifications.ts';

/** Notifications that were sent, in Redis: a key for each, holding when, which ends by itself. */
export function redisNotificationStore(connection: RedisConnection): NotificationStore {
  const keyOf = (notificationId: string) => redisKey('notification', { notificationId });

  return {
    async wasSent(notificationId) {
      return (await connection.run((redis) => redis.exists(keyOf(notificationId)))) === 1;
    },

    async markSent(notificationId) {
      const ttl = redisKeys.notification.ttlSeconds;
      await connection.run((redis) => redis.set(keyOf(notificationId), new Date().toISOString(), 'EX', ttl));
    },
  };
}
