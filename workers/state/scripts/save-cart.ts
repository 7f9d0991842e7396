import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Stores a cart with the time it expires. */
export const saveCart: RedisScript<number> = {
  name: 'saveCart',
  lua: `
-- KEYS[1] carts by the time they expire: sorted set of user ids
-- KEYS[2] the cart: string, JSON
-- ARGV[1] user id
-- ARGV[2] the cart as JSON
-- ARGV[3] when it expires, in ms since 1970
-- Result: 1
-- The index first: a cart without an entry in it would never be cleaned up.
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('SET', KEYS[2], ARGV[2])
return 1
`,
  reply: z.int(),
};
