import { z } from 'zod';
import { hashReply, type RedisScript } from '../redis-script.ts';

/** Records a placed order in its first status. */
export const recordOrder: RedisScript<[number, Record<string, string>]> = {
  name: 'recordOrder',
  lua: `
-- KEYS[1] the order: hash {placed, placedAtMs, restaurantId, status, sequence, at:<status> -> '<sequence>:<ms>'}
-- KEYS[2] orders of the user: sorted set by the time they were placed
-- KEYS[3] orders of the restaurant in this status: sorted set by the time they were placed
-- KEYS[4] number of orders in each status: hash
-- KEYS[5] restaurants by their orders of the day on which it was placed: sorted set
-- ARGV[1] order id
-- ARGV[2] the placed order as JSON
-- ARGV[3] when it was placed, in ms since 1970
-- ARGV[4] restaurant id
-- ARGV[5] the first status
-- ARGV[6] how long KEYS[5] lives, in seconds
-- Result: { 1 when it was recorded now else 0, the order's hash }
local known = redis.call('HGETALL', KEYS[1])
if #known > 0 then
  return { 0, known }
end
-- A script is not rolled back: what can fail comes before the first write of the order.
redis.call('ZSCORE', KEYS[2], ARGV[1])
redis.call('ZSCORE', KEYS[3], ARGV[1])
redis.call('ZINCRBY', KEYS[5], 1, ARGV[4])
redis.call('EXPIRE', KEYS[5], ARGV[6])
redis.call('HINCRBY', KEYS[4], ARGV[5], 1)

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', KEYS[1],
  'placed', ARGV[2], 'placedAtMs', ARGV[3], 'restaurantId', ARGV[4],
  'status', ARGV[5], 'sequence', 1, 'at:' .. ARGV[5], '1:' .. now)
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
return { 1, redis.call('HGETALL', KEYS[1]) }
`,
  reply: z.tuple([z.int(), hashReply]),
};
