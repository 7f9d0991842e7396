import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Lets a key live longer only while it holds the value the caller knows. */
export const renewIfEqual: RedisScript<number> = {
  name: 'renewIfEqual',
  lua: `
-- KEYS[1] any string
-- ARGV[1] the value it must have
-- ARGV[2] how long it lives from now, in ms
-- Result: 1 when it lives longer, else 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`,
  reply: z.int(),
};
