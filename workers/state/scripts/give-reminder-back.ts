import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Makes a customer idle again whose reminder was claimed and not sent, unless an order came meanwhile. */
export const giveReminderBack: RedisScript<number> = {
  name: 'giveReminderBack',
  lua: `
-- KEYS[1] customers by the time since which they are idle: sorted set
-- ARGV[1] user id
-- ARGV[2] the time that the claim set, in ms since 1970
-- ARGV[3] the time to set, in ms since 1970
-- Result: 1 when it was set, else 0
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '-1') ~= tonumber(ARGV[2]) then
  return 0
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
`,
  reply: z.int(),
};
