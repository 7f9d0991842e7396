import { randomUUID } from 'node:crypto';
import { redisKeys } from '../../../platform/redis-keys.ts';
import type { NotificationClaim, NotificationStore } from '../notifications.ts';
import type { Identified, MongoDatabase } from './mongo-database.ts';
import { isDuplicate, upserting } from './mongo-errors.ts';

interface NotificationDocument extends Identified {
  readonly sentAt: Date | null;
  /** Who sends it just now. */
  readonly token: string | null;
  readonly claimedUntil: Date;
  /** When MongoDB removes the document. */
  readonly expiresAt: Date;
}

/** Notifications in MongoDB: a document for each, which ends by itself. */
export function mongoNotificationStore(database: MongoDatabase): NotificationStore {
  const keptUntil = () => new Date(Date.now() + redisKeys.notification.ttlSeconds * 1_000);

  const claimOf = (_id: string, token: string): NotificationClaim => ({
    renew: async (forMs) => {
      const now = new Date();
      const held = { _id, token, sentAt: null, claimedUntil: { $gt: now } };
      const claimedUntil = new Date(now.getTime() + forMs);
      await database.run<NotificationDocument, unknown>('notifications', (notifications) =>
        notifications.updateOne(held, { $set: { claimedUntil } }),
      );
    },
    giveBack: async () => {
      await database.run<NotificationDocument, unknown>('notifications', (notifications) =>
        notifications.deleteOne({ _id, token, sentAt: null }),
      );
    },
  });

  return {
    async claim(notificationId, forMs) {
      const token = randomUUID();
      const fields = {
        token,
        sentAt: null,
        claimedUntil: new Date(Date.now() + forMs),
        expiresAt: keptUntil(),
      };
      try {
        await database.run<NotificationDocument, unknown>('notifications', (notifications) =>
          notifications.insertOne({ _id: notificationId, ...fields }),
        );
        return claimOf(notificationId, token);
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      return database.run<NotificationDocument, NotificationClaim | 'sent' | 'under way'>(
        'notifications',
        async (notifications) => {
          const ended = { _id: notificationId, sentAt: null, claimedUntil: { $lte: new Date() } };
          const { matchedCount } = await notifications.updateOne(ended, { $set: fields });
          if (matchedCount === 1) return claimOf(notificationId, token);
          const known = await notifications.findOne({ _id: notificationId });
          return known !== null && known.sentAt !== null ? 'sent' : 'under way';
        },
      );
    },

    async markSent(notificationId) {
      const now = new Date();
      await database.run<NotificationDocument, unknown>('notifications', (notifications) =>
        upserting(() =>
          notifications.updateOne(
            { _id: notificationId },
            { $set: { sentAt: now, token: null, claimedUntil: now, expiresAt: keptUntil() } },
            { upsert: true },
          ),
        ),
      );
    },
  };
}
