import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Stores a record where there is none. */
export const keepFirst: RedisScript<string> = {
  name: 'keepFirst',
  lua: `
-- KEYS[1] the record: string
-- ARGV[1] the record to keep where there is none
-- Result: the record that is kept
local kept = redis.call('GET', KEYS[1])
if kept then
  return kept
end
redis.call('SET', KEYS[1], ARGV[1])
return ARGV[1]
`,
  reply: z.string(),
};
