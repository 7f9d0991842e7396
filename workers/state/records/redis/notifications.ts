import { randomUUID } from 'node:crypto';
import { redisKey, redisKeys } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { claimNotification } from '../../scripts/claim-notification.ts';
import { deleteIfEqual } from '../../scripts/delete-if-equal.ts';
import { renewIfEqual } from '../../scripts/renew-if-equal.ts';
import type { NotificationStore } from '../notifications.ts';

/** Notifications in Redis: a key for each, holding who sends it or when it was sent, which ends by itself. */
export function redisNotificationStore(connection: RedisConnection): NotificationStore {
  const keyOf = (notificationId: string) => redisKey('notification', { notificationId });

  return {
    async claim(notificationId, forMs) {
      const key = keyOf(notificationId);
      const value = `claimed:${randomUUID()}`;
      const state = await connection.script(claimNotification, [key], [value, forMs]);
      if (state !== 'claimed') return state;
      return {
        renew: async (longerMs) => {
          await connection.script(renewIfEqual, [key], [value, longerMs]);
        },
        giveBack: async () => {
          await connection.script(deleteIfEqual, [key], [value]);
        },
      };
    },

    async markSent(notificationId) {
      const ttl = redisKeys.notification.ttlSeconds;
      await connection.run((redis) => redis.set(keyOf(notificationId), new Date().toISOString(), 'EX', ttl));
    },
  };
}
