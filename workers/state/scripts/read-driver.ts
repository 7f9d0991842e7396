import { z } from 'zod';
import { hashReply, type RedisScript } from '../redis-script.ts';

/** A driver as three keys hold it: the hash, whether it is in the index of free drivers, the order it delivers. */
export const driverReply = z.tuple([hashReply, z.int(), z.string()]);
export type DriverReply = z.output<typeof driverReply>;

/** Ends a script with what KEYS[1..3] say of the driver ARGV[1]; an unknown driver has an empty hash. */
export const returnDriver = `
local place = redis.call('ZSCORE', KEYS[2], ARGV[1])
return { redis.call('HGETALL', KEYS[1]), place and 1 or 0, redis.call('HGET', KEYS[3], ARGV[1]) or '' }
`;

/** Reads a driver as it is at one moment. */
export const readDriver: RedisScript<DriverReply> = {
  name: 'readDriver',
  lua: `
-- KEYS[1] the driver: hash {name, onDuty, latitude, longitude}
-- KEYS[2] where the free drivers are: geo index
-- KEYS[3] busy drivers: hash, driver id -> order id
-- ARGV[1] driver id
-- Result: { the driver's hash, 1 when free else 0, id of the order it delivers or '' }
${returnDriver}`,
  reply: driverReply,
};
