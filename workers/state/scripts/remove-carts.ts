import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Removes those carts that expire by a certain time. */
export const removeCarts: RedisScript<number> = {
  name: 'removeCarts',
  lua: `
-- KEYS[1] carts by the time they expire: sorted set of user ids
-- KEYS[2..] the carts: strings
-- ARGV[1] carts that expire by then are removed, in ms since 1970 or '+inf'
-- ARGV[2..] user ids, in the order of KEYS[2..]
-- Result: how many were removed
local removed = 0
local limit = ARGV[1] == '+inf' and math.huge or tonumber(ARGV[1])
for i = 2, #KEYS do
  local expires = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if expires and tonumber(expires) <= limit then
    redis.call('DEL', KEYS[i])
    removed = removed + redis.call('ZREM', KEYS[1], ARGV[i])
  end
end
return removed
`,
  reply: z.int(),
};
