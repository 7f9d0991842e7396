import { z } from 'zod';
import { hashReply, type RedisScript } from '../redis-script.ts';

/** Moves an order to another status where its status allows it. */
export const transitionOrder: RedisScript<
  ['applied' | 'already' | 'conflict', Record<string, string>] | ['unknown']
> = {
  name: 'transitionOrder',
  lua: `
-- KEYS[1] the order: hash {placedAtMs, status, sequence, at:<status> -> '<sequence>:<ms>', ...}
-- KEYS[2] number of orders in each status: hash
-- KEYS[3] counts the changes of all orders: number
-- KEYS[4] the restaurant's changed quarters of an hour: hash of their start in ms since 1970 to the change
-- KEYS[5] delivered orders that recommendations have not learned from: sorted set by the time of delivery
-- KEYS[6] the restaurant's orders in the wanted status: sorted set by the time they were placed
-- KEYS[7..] the restaurant's orders in each status that leads to the wanted one: sorted sets
-- ARGV[1] order id
-- ARGV[2] the wanted status
-- ARGV[3..] the statuses that lead to it, in the order of KEYS[7..], then fields and values to store with the change
-- Result: { 'applied' | 'already' | 'conflict', the order's hash } | { 'unknown' }
local status = redis.call('HGET', KEYS[1], 'status')
if not status then
  if redis.call('EXISTS', KEYS[1]) == 0 then
    return { 'unknown' }
  end
  return { 'conflict', redis.call('HGETALL', KEYS[1]) }
end
local to = ARGV[2]
if redis.call('HEXISTS', KEYS[1], 'at:' .. to) == 1 then
  return { 'already', redis.call('HGETALL', KEYS[1]) }
end

local origins = #KEYS - 6
local origin
for i = 1, origins do
  if ARGV[2 + i] == status then
    origin = KEYS[6 + i]
  end
end
local sequence = tonumber(redis.call('HGET', KEYS[1], 'sequence'))
local placedAt = tonumber(redis.call('HGET', KEYS[1], 'placedAtMs'))
if not (origin and sequence and placedAt) then
  return { 'conflict', redis.call('HGETALL', KEYS[1]) }
end

-- A script is not rolled back: what can fail comes before the first write of the order.
redis.call('ZSCORE', KEYS[6], ARGV[1])
redis.call('ZSCORE', origin, ARGV[1])
redis.call('ZSCORE', KEYS[5], ARGV[1])
local quarter = string.format('%.0f', placedAt - placedAt % 900000)
redis.call('HGET', KEYS[4], quarter)
local change = redis.call('INCR', KEYS[3])
redis.call('HINCRBY', KEYS[2], status, -1)
redis.call('HINCRBY', KEYS[2], to, 1)

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSET', KEYS[1], 'status', to, 'sequence', sequence + 1, 'at:' .. to, (sequence + 1) .. ':' .. now)
for i = 3 + origins, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
redis.call('ZREM', origin, ARGV[1])
redis.call('ZADD', KEYS[6], placedAt, ARGV[1])
redis.call('HSET', KEYS[4], quarter, change)
if to == 'delivered' then
  redis.call('ZADD', KEYS[5], now, ARGV[1])
end
return { 'applied', redis.call('HGETALL', KEYS[1]) }
`,
  reply: z.union([
    z.tuple([z.enum(['applied', 'already', 'conflict']), hashReply]),
    z.tuple([z.literal('unknown')]),
  ]),
};
