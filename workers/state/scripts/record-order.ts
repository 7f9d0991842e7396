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
-- KEYS[5] counts the changes of all orders: number
-- KEYS[6] the restaurant's changed quarters of an hour: hash of their start in ms since 1970 to the change
-- KEYS[7] customers by the time since which they are idle: sorted set
-- KEYS[8] restaurants by their orders of the day on which it was placed: sorted set
-- ARGV[1] order id
-- ARGV[2] the placed order as JSON
-- ARGV[3] when it was placed, in ms since 1970
-- ARGV[4] restaurant id
-- ARGV[5] the first status
-- ARGV[6] user id
-- ARGV[7] how long KEYS[8] lives, in seconds
-- Result: { 1 when it was recorded now else 0, the order's hash }
local known = redis.call('HGETALL', KEYS[1])
if #known > 0 then
  return { 0, known }
end
-- A script is not rolled back: what can fail comes before the first write of the order.
redis.call('ZSCORE', KEYS[2], ARGV[1])
redis.call('ZSCORE', KEYS[3], ARGV[1])
local quarter = string.format('%.0f', ARGV[3] - ARGV[3] % 900000)
redis.call('HGET', KEYS[6], quarter)
redis.call('ZSCORE', KEYS[8], ARGV[4])
redis.call('ZADD', KEYS[7], 'GT', ARGV[3], ARGV[6])
local change = redis.call('INCR', KEYS[5])
redis.call('HINCRBY', KEYS[4], ARGV[5], 1)

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', KEYS[1],
  'placed', ARGV[2], 'placedAtMs', ARGV[3], 'restaurantId', ARGV[4],
  'status', ARGV[5], 'sequence', 1, 'at:' .. ARGV[5], '1:' .. now)
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[6], quarter, change)
redis.call('ZINCRBY', KEYS[8], 1, ARGV[4])
redis.call('EXPIRE', KEYS[8], ARGV[7])
return { 1, redis.call('HGETALL', KEYS[1]) }
`,
  reply: z.tuple([z.int(), hashReply]),
};
