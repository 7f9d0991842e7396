import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Ends one session of a user. */
export const revokeSession: RedisScript<number> = {
  name: 'revokeSession',
  lua: `
-- KEYS[1] sessions of the user: hash, digest of the token -> JSON {expiresAt, ...}
-- KEYS[2] active users: sorted set, user id by the time (ms) their last session ends
-- ARGV[1] user id
-- ARGV[2] digest of the token
-- Result: 1 when there was such a session, else 0
local score = redis.call('ZSCORE', KEYS[2], ARGV[1])
local removed = redis.call('HDEL', KEYS[1], ARGV[2])
local last = 0
for _, text in ipairs(redis.call('HVALS', KEYS[1])) do
  local readable, other = pcall(cjson.decode, text)
  if readable and type(other) == 'table' then
    last = math.max(last, tonumber(other.expiresAt) or 0)
  end
end
if last == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
elseif score then
  redis.call('ZADD', KEYS[2], last, ARGV[1])
end
return removed
`,
  reply: z.int(),
};
