import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Takes one permit of a rate limit (the generic cell rate algorithm, GCRA). */
export const takePermit: RedisScript<[number, number, number]> = {
  name: 'takePermit',
  lua: `
-- KEYS[1] the limit's state: when the bucket is full again, in microseconds since 1970 by the server's clock
-- ARGV[1] time in which one permit comes back, in whole microseconds
-- ARGV[2] permits that may be taken at once (the size of a full bucket)
-- Result: { 1 when the permit was given else 0, permits left, microseconds until the next permit (0 when given) }
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval = tonumber(ARGV[1])
local capacity = interval * tonumber(ARGV[2])

local full = tonumber(redis.call('GET', KEYS[1]) or now) or now
-- A state further ahead than an empty bucket comes from a larger limit or another clock.
full = math.min(math.max(full, now), now + capacity)

local after = full + interval
local missing = after - now - capacity
if missing > 0 then
  return { 0, 0, math.ceil(missing) }
end
redis.call('SET', KEYS[1], after, 'PX', math.ceil((after - now) / 1000))
return { 1, math.floor((capacity - (after - now)) / interval), 0 }
`,
  reply: z.tuple([z.int(), z.int(), z.int()]),
};
