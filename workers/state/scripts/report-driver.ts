import type { RedisScript } from '../redis-script.ts';
import { type DriverReply, driverReply, returnDriver } from './read-driver.ts';

/** Stores where a driver is and whether it works. */
export const reportDriver: RedisScript<DriverReply> = {
  name: 'reportDriver',
  lua: `
-- KEYS[1] the driver: hash {name, onDuty, latitude, longitude}
-- KEYS[2] where the free drivers are: geo index
-- KEYS[3] busy drivers: hash, driver id -> order id
-- ARGV[1] driver id
-- ARGV[2] latitude
-- ARGV[3] longitude
-- ARGV[4] '1' when the driver works, else '0'
-- Result: { the driver's hash, 1 when free else 0, id of the order it delivers or '' }; an unknown driver stays unknown
local busy = redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1
if redis.call('EXISTS', KEYS[1]) == 1 then
  if ARGV[4] == '1' and not busy then
    redis.call('GEOADD', KEYS[2], ARGV[3], ARGV[2], ARGV[1])
  else
    redis.call('ZREM', KEYS[2], ARGV[1])
  end
  redis.call('HSET', KEYS[1], 'latitude', ARGV[2], 'longitude', ARGV[3], 'onDuty', ARGV[4])
end
${returnDriver}`,
  reply: driverReply,
};
