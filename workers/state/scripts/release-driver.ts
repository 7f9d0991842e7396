import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Frees the driver of an order, where it still delivers that order. */
export const releaseDriver: RedisScript<number> = {
  name: 'releaseDriver',
  lua: `
-- KEYS[1] the driver: hash {name, onDuty, latitude, longitude}
-- KEYS[2] where the free drivers are: geo index
-- KEYS[3] busy drivers: hash, driver id -> order id
-- ARGV[1] driver id
-- ARGV[2] order id
-- Result: 1 when the driver was released now, 0 when it does not deliver this order (any more)
if redis.call('HGET', KEYS[3], ARGV[1]) ~= ARGV[2] then
  return 0
end
local last = redis.call('HMGET', KEYS[1], 'onDuty', 'longitude', 'latitude')
if last[1] == '1' and last[2] and last[3] then
  redis.call('GEOADD', KEYS[2], last[2], last[3], ARGV[1])
end
redis.call('HDEL', KEYS[3], ARGV[1])
return 1
`,
  reply: z.int(),
};
