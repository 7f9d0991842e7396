import { isDeepStrictEqual } from 'node:util';
import { checkStored } from '../../stored.ts';
import { User, type UserStore } from '../users.ts';
import type { Identified, MongoDatabase } from './mongo-database.ts';
import { isDuplicate } from './mongo-errors.ts';

/** An account as it is stored. */
export interface UserDocument extends Identified {
  readonly account: Omit<User, 'userId'>;
  /** The e-mail address without regard to case; unique. */
  readonly emailKey: string;
  /** Since when a customer is idle, in ms since 1970; null for other accounts. */
  readonly idleSince: number | null;
  /** Whether the customer wants no reminders. */
  readonly unsubscribed: boolean;
}

/** Accounts in MongoDB: a document for each, unique by its e-mail address. */
export function mongoUserStore(database: MongoDatabase): UserStore {
  const parse = (document: UserDocument): User =>
    checkStored(User, `users/${document._id}`, { userId: document._id, ...document.account });

  async function find(userId: string): Promise<User | undefined> {
    const document = await database.run<UserDocument, UserDocument | null>('users', (users) =>
      users.findOne({ _id: userId }),
    );
    return document === null ? undefined : parse(document);
  }

  return {
    async create(user) {
      const { userId, ...account } = user;
      const document: UserDocument = {
        _id: userId,
        account,
        emailKey: user.email.toLowerCase(),
        idleSince: user.role === 'customer' ? Date.parse(user.createdAt) : null,
        unsubscribed: false,
      };
      try {
        await database.run<UserDocument, unknown>('users', (users) => users.insertOne(document));
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        return isDeepStrictEqual(await find(userId), user);
      }
    },

    find,

    async findByEmail(email) {
      const document = await database.run<UserDocument, UserDocument | null>('users', (users) =>
        users.findOne({ emailKey: email.toLowerCase() }),
      );
      return document === null ? undefined : parse(document);
    },
  };
}
