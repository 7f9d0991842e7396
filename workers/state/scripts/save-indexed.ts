import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Stores a record and enters its id in the index of its kind. */
export const saveIndexed: RedisScript<number> = {
  name: 'saveIndexed',
  lua: `
-- KEYS[1] the record: string, JSON
-- KEYS[2] ids of all records of this kind: set
-- ARGV[1] id
-- ARGV[2] the record as JSON
-- Result: 1 when the id is new, else 0
local added = redis.call('SADD', KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2])
return added
`,
  reply: z.int(),
};
