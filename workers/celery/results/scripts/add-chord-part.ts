import { z } from 'zod';
import type { RedisScript } from '../../../state/redis-script.ts';

/** Stands among the parts that were entered when a chord is settled; no part has it. */
export const closedMember = '';

/**
 * Enters a part of a chord and hands over all of them once the header is complete. A part that ran twice counts with its
 * first result. Which parts are there is written as Celery 5.7 writes it, whose workers may run parts of the same chord.
 */
export const addChordPart: RedisScript<readonly string[]> = {
  name: 'addChordPart',
  lua: `
-- KEYS[1] the parts: sorted set by their place in the group
-- KEYS[2] how many the header had when it was sent: string
-- KEYS[3] how many were added since: string
-- KEYS[4] which parts were entered, by id and place: set
-- ARGV[1] the part's place, or +inf
-- ARGV[2] the part as Celery writes it
-- ARGV[3] the part's id
-- ARGV[4] seconds that they are kept, 0 for ever
-- Result: all parts in their order once they are complete, otherwise none, and none of a chord that is settled
if redis.call('SISMEMBER', KEYS[4], '${closedMember}') == 1 then
  return {}
end
if redis.call('SADD', KEYS[4], ARGV[3] .. ':' .. ARGV[1]) == 1 then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
end
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
