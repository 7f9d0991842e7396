import { redisKey } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { createUser } from '../../scripts/create-user.ts';
import { parseStored, recordCorrupt } from '../../stored.ts';
import { User, type UserStore } from '../users.ts';

/** Accounts in Redis: one key for each, and one that leads from its e-mail address to its id. */
export function redisUserStore(connection: RedisConnection): UserStore {
  const addressKey = (email: string) => redisKey('userByEmail', { email: email.toLowerCase() });

  async function find(userId: string): Promise<User | undefined> {
    const key = redisKey('user', { userId });
    const text = await connection.run((redis) => redis.get(key));
    return text === null ? undefined : parseStored(User, key, text);
  }

  return {
    async create(user) {
      const { userId, role, createdAt } = user;
      const keys = [redisKey('user', { userId }), addressKey(user.email), redisKey('idleCustomers', {})];
      const idleSince = role === 'customer' ? Date.parse(createdAt) : '';
      return (await connection.script(createUser, keys, [userId, JSON.stringify(user), idleSince])) === 1;
    },

    find,

    async findByEmail(email) {
      const key = addressKey(email);
      const userId = await connection.run((redis) => redis.get(key));
      if (userId === null) return undefined;
      const user = await find(userId);
      if (user === undefined) throw recordCorrupt(key, 'the account it names does not exist');
      return user;
    },
  };
}
