import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Reads a cache entry, or gives one reader the lease to fill it. */
export const readOrLead: RedisScript<['hit', string] | ['lead'] | ['wait']> = {
  name: 'readOrLead',
  lua: `
-- KEYS[1] the cache entry: string
-- KEYS[2] the lease to fill it: string, the token of the reader that loads it
-- ARGV[1] token of this reader
-- ARGV[2] life time of a lease in ms
-- ARGV[3] age in ms from which a lease may be taken over, because its reader is slow or gone
-- Result: { 'hit', entry } | { 'lead' } when this reader is to load and fill | { 'wait' } while another one does
local entry = redis.pcall('GET', KEYS[1])
if type(entry) == 'string' then
  return { 'hit', entry }
end
if entry then
  -- Not a string: whatever it is, it is no cache entry.
  redis.call('DEL', KEYS[1])
end
local left = redis.call('PTTL', KEYS[2])
if left >= 0 and ARGV[2] - left < tonumber(ARGV[3]) then
  return { 'wait' }
end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return { 'lead' }
`,
  reply: z.union([
    z.tuple([z.literal('hit'), z.string()]),
    z.tuple([z.literal('lead')]),
    z.tuple([z.literal('wait')]),
  ]),
};
