import { z } from 'zod';
import type { RedisScript } from '../../../state/redis-script.ts';

/** Stands among the ids of a chord that is settled; no task has it. */
export const closedField = '';

/** Enters a part of a chord and hands over all of them once the header is complete. */
export const addChordPart: RedisScript<readonly string[]> = {
  name: 'addChordPart',
  lua: `
-- KEYS[1] the parts: sorted set by their place in the group
-- KEYS[2] how many the header had when it was sent: string
-- KEYS[3] how many were added since: string
-- KEYS[4] the member that each part's id was entered with: hash
-- ARGV[1] the part's place, or +inf
-- ARGV[2] the part as Celery writes it
-- ARGV[3] the part's id
-- ARGV[4] seconds that they are kept, 0 for ever
-- Result: all parts in their order once they are complete, otherwise none, and none of a chord that is settled
if redis.call('HEXISTS', KEYS[4], '${closedField}') == 1 then
  return {}
end
local before = redis.call('HGET', KEYS[4], ARGV[3])
if before and before ~= ARGV[2] then
  redis.call('ZREM', KEYS[1], before)
end
redis.call('HSET', KEYS[4], ARGV[3], ARGV[2])
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
if tonumber(ARGV[4]) > 0 then
  for _, key in ipairs(KEYS) do
    redis.call('EXPIRE', key, ARGV[4])
  end
end
local size = redis.call('GET', KEYS[2])
if not size then
  return {}
end
local wanted = tonumber(size) + tonumber(redis.call('GET', KEYS[3]) or '0')
if redis.call('ZCARD', KEYS[1]) ~= wanted then
  return {}
end
return redis.call('ZRANGE', KEYS[1], 0, -1)
`,
  reply: z.array(z.string()),
};
