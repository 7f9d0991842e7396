import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Stores and publishes a change of an order's status, unless a later one is known. */
export const setOrderStatus: RedisScript<number> = {
  name: 'setOrderStatus',
  lua: `
-- KEYS[1] the status: string, JSON {sequence, ...}; also the name of the channel
-- ARGV[1] the change, as JSON
-- ARGV[2] its sequence
-- ARGV[3] life time of the key in seconds
-- Result: 1 when the change is the latest and was stored and published, else 0
local current = redis.call('GET', KEYS[1])
if current then
  local readable, change = pcall(cjson.decode, current)
  local known = readable and type(change) == 'table' and tonumber(change.sequence)
  if known and known >= tonumber(ARGV[2]) then
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
redis.call('PUBLISH', KEYS[1], ARGV[1])
return 1
`,
  reply: z.int(),
};
