import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Stores what a reader loaded, unless its lease was taken back meanwhile. */
export const fillCache: RedisScript<number> = {
  name: 'fillCache',
  lua: `
-- KEYS[1] the cache entry: string
-- KEYS[2] the lease to fill it: string, the token of the reader that loads it
-- ARGV[1] token of this reader
-- ARGV[2] the entry
-- ARGV[3] its life time in ms
-- Result: 1 when the lease was held until now and the entry is stored, else 0
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[2])
return 1
`,
  reply: z.int(),
};
