import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Counts the users with a live session. */
export const countActiveUsers: RedisScript<number> = {
  name: 'countActiveUsers',
  lua: `
-- KEYS[1] active users: sorted set, user id by the time (ms) their last session ends
-- Result: how many users have a session that has not ended
local time = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', time[1] * 1000 + math.floor(time[2] / 1000))
return redis.call('ZCARD', KEYS[1])
`,
  reply: z.int(),
};
