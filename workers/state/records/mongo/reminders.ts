import type { ReminderStore } from '../reminders.ts';
import type { MongoDatabase } from './mongo-database.ts';
import type { UserDocument } from './users.ts';

/** Reminders in MongoDB: two fields of the account, so that each change is a change of one document. */
export function mongoReminderStore(database: MongoDatabase): ReminderStore {
  const idleBy = (since: Date) => ({ idleSince: { $lte: since.getTime() }, unsubscribed: false });

  return {
    async idle(since, limit) {
      const found = await database.run<UserDocument, { readonly _id: string }[]>('users', (users) =>
        users
          .find(idleBy(since))
          .project<{ readonly _id: string }>({ _id: 1 })
          .sort({ idleSince: 1, _id: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(({ _id }) => _id);
    },

    countIdle: (since) =>
      database.run<UserDocument, number>('users', (users) => users.countDocuments(idleBy(since))),

    async claim(userId, since, next) {
      const { matchedCount } = await database.run('users', (users) =>
        users.updateOne({ _id: userId, ...idleBy(since) }, { $set: { idleSince: next.getTime() } }),
      );
      return matchedCount === 1;
    },

    async giveBack(userId, next, since) {
      await database.run('users', (users) =>
        users.updateOne({ _id: userId, idleSince: next.getTime() }, { $set: { idleSince: since.getTime() } }),
      );
    },

    async unsubscribe(userId) {
      await database.run('users', (users) =>
        users.updateOne({ _id: userId }, { $set: { unsubscribed: true } }),
      );
    },

    async isUnsubscribed(userId) {
      const user = await database.run<UserDocument, UserDocument | null>('users', (users) =>
        users.findOne({ _id: userId }),
      );
      return user?.unsubscribed === true;
    },
  };
}
