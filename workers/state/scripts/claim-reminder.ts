import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Lets one sender remind a customer who is idle. */
export const claimReminder: RedisScript<number> = {
  name: 'claimReminder',
  lua: `
-- KEYS[1] customers by the time since which they are idle: sorted set
-- KEYS[2] customers who want no reminders: set
-- ARGV[1] user id
-- ARGV[2] the customer must be idle since then or longer, in ms since 1970
-- ARGV[3] since when the customer is idle from now on, in ms since 1970
-- Result: 1 when the reminder was claimed, else 0
local since = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not since or tonumber(since) > tonumber(ARGV[2]) then
  return 0
end
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then
  redis.call('ZREM', KEYS[1], ARGV[1])
  return 0
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
`,
  reply: z.int(),
};
