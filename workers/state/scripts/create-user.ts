import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Adds an account under its id and its e-mail address. */
export const createUser: RedisScript<number> = {
  name: 'createUser',
  lua: `
-- KEYS[1] the account: string, JSON
-- KEYS[2] the id of the account of this e-mail address: string
-- KEYS[3] customers by the time since which they are idle: sorted set
-- ARGV[1] user id
-- ARGV[2] the account as JSON
-- ARGV[3] since when a customer is idle, in ms since 1970; '' for other accounts
-- Result: 1 when it was added now or by an earlier call of the same, 0 when the address or the id is taken
local owner = redis.call('GET', KEYS[2])
local stored = redis.call('GET', KEYS[1])
if owner or stored then
  return (owner == ARGV[1] and stored == ARGV[2]) and 1 or 0
end
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[3], 'GT', ARGV[3], ARGV[1])
end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], ARGV[1])
return 1
`,
  reply: z.int(),
};
