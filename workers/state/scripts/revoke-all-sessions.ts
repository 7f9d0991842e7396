import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Ends every session of a user. */
export const revokeAllSessions: RedisScript<number> = {
  name: 'revokeAllSessions',
  lua: `
-- KEYS[1] sessions of the user: hash
-- KEYS[2] active users: sorted set of user ids
-- ARGV[1] user id
-- Result: how many sessions there were
local count = redis.call('HLEN', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1])
return count
`,
  reply: z.int(),
};
