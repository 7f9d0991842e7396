import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Adds a session to those of a user and makes room for it. */
export const createSession: RedisScript<number> = {
  name: 'createSession',
  lua: `
-- KEYS[1] sessions of the user: hash, digest of the token -> JSON {role, restaurantId?, issuedAt, expiresAt}
-- KEYS[2] active users: sorted set, user id by the time (ms) their last session ends
-- ARGV[1] user id
-- ARGV[2] digest of the token
-- ARGV[3] what the session says, as a JSON object: {role, restaurantId?}
-- ARGV[4] life time of the session in ms
-- ARGV[5] how many sessions a user may have; the oldest make room
-- Result: when the session ends, in ms since 1970
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = now + tonumber(ARGV[4])
local session = cjson.decode(ARGV[3])
session.issuedAt = now
session.expiresAt = ends

local kept = {}
local last = ends
local stored = redis.call('HGETALL', KEYS[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
for i = 1, #stored, 2 do
  local readable, other = pcall(cjson.decode, stored[i + 1])
  local dated = readable and type(other) == 'table' and tonumber(other.issuedAt) and tonumber(other.expiresAt)
  if dated and dated > now then
    table.insert(kept, { digest = stored[i], issuedAt = tonumber(other.issuedAt) })
    last = math.max(last, dated)
  else
    redis.call('HDEL', KEYS[1], stored[i])
  end
end
table.sort(kept, function(a, b) return a.issuedAt < b.issuedAt end)
for i = 1, #kept + 1 - tonumber(ARGV[5]) do
  redis.call('HDEL', KEYS[1], kept[i].digest)
end

redis.call('HSET', KEYS[1], ARGV[2], cjson.encode(session))
redis.call('PEXPIREAT', KEYS[1], last)
redis.call('ZADD', KEYS[2], last, ARGV[1])
if redis.call('PTTL', KEYS[2]) < last - now then
  redis.call('PEXPIREAT', KEYS[2], last)
end
return ends
`,
  reply: z.int(),
};
