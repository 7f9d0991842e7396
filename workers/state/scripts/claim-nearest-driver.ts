import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Gives an order the nearest free driver. */
export const claimNearestDriver: RedisScript<string | null> = {
  name: 'claimNearestDriver',
  lua: `
-- KEYS[1] who delivers the order: string, driver id
-- KEYS[2] where the free drivers are: geo index
-- KEYS[3] busy drivers: hash, driver id -> order id
-- ARGV[1] order id
-- ARGV[2] latitude
-- ARGV[3] longitude
-- ARGV[4] radius in km
-- Result: id of the driver the order has now, from before or claimed; nil when none is free within the radius
local assigned = redis.call('GET', KEYS[1])
if assigned then
  return assigned
end
local nearest = redis.call('GEOSEARCH', KEYS[2],
  'FROMLONLAT', ARGV[3], ARGV[2], 'BYRADIUS', ARGV[4], 'km', 'ASC', 'COUNT', 1)
local driver = nearest[1]
if not driver then
  return false
end
redis.call('HSET', KEYS[3], driver, ARGV[1])
redis.call('ZREM', KEYS[2], driver)
redis.call('SET', KEYS[1], driver)
return driver
`,
  reply: z.string().nullable(),
};
