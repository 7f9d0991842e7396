import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Learns from a delivered order what recommendations are made from. */
export const learnOrder: RedisScript<'learned' | 'already' | 'outdated'> = {
  name: 'learnOrder',
  lua: `
-- KEYS[1] delivered orders that were not learned from: sorted set
-- KEYS[2] what the user has ordered: hash {revision, <dish> -> '<times>:<ms since 1970>'}
-- KEYS[3] dishes of the restaurant by weight: sorted set
-- KEYS[4..] dishes that were ordered by the same users as one dish, by weight: sorted sets
-- ARGV[1] order id
-- ARGV[2] the revision of the user's taste that the lesson was made from
-- ARGV[3] how many pairs are kept of each dish
-- ARGV[4] number of entries of the taste, n; ARGV[5] number of weights, m
-- ARGV[6..] n times {dish, entry}, m times {dish, weight}, then {index in KEYS, dish, weight} for each side of a pair
-- Result: 'learned' | 'already' | 'outdated'
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return 'already'
end
if (redis.call('HGET', KEYS[2], 'revision') or '0') ~= ARGV[2] then
  return 'outdated'
end
-- A script is not rolled back: what can fail comes before the first write.
for i = 3, #KEYS do
  redis.call('ZSCORE', KEYS[i], '')
end

redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'revision', ARGV[2] + 1)
local next = 6
for _ = 1, ARGV[4] do
  redis.call('HSET', KEYS[2], ARGV[next], ARGV[next + 1])
  next = next + 2
end
for _ = 1, ARGV[5] do
  redis.call('ZINCRBY', KEYS[3], ARGV[next + 1], ARGV[next])
  next = next + 2
end
for i = next, #ARGV, 3 do
  redis.call('ZINCRBY', KEYS[tonumber(ARGV[i])], ARGV[i + 2], ARGV[i + 1])
end
for i = 4, #KEYS do
  redis.call('ZREMRANGEBYRANK', KEYS[i], 0, -1 - ARGV[3])
end
redis.call('ZREM', KEYS[1], ARGV[1])
return 'learned'
`,
  reply: z.enum(['learned', 'already', 'outdated']),
};
