import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Removes a key only while it holds the value the caller knows. */
export const deleteIfEqual: RedisScript<number> = {
  name: 'deleteIfEqual',
  lua: `
-- KEYS[1] any string
-- ARGV[1] the value it must have
-- Result: 1 when it was removed, else 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
`,
  reply: z.int(),
};
