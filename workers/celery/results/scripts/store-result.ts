import { z } from 'zod';
import type { RedisScript } from '../../../state/redis-script.ts';

/** Stores a result and tells those who wait, unless the task has succeeded already. */
export const storeResult: RedisScript<number> = {
  name: 'storeTaskResult',
  lua: `
-- KEYS[1] the task's result: string
-- ARGV[1] the document
-- ARGV[2] seconds that it is kept, 0 for ever
-- Result: 1, or 0 when a SUCCESS is there, which stays
local kept = redis.call('GET', KEYS[1])
if kept then
  -- A document beyond what cjson reads, such as one with NaN, still begins with its status as every writer has it.
  if string.find(kept, '^{"status": ?"SUCCESS"') then
    return 0
  end
  local ok, document = pcall(cjson.decode, kept)
  if ok and type(document) == 'table' and document.status == 'SUCCESS' then
    return 0
  end
end
if tonumber(ARGV[2]) > 0 then
  redis.call('SETEX', KEYS[1], ARGV[2], ARGV[1])
else
  redis.call('SET', KEYS[1], ARGV[1])
end
redis.call('PUBLISH', KEYS[1], ARGV[1])
return 1
`,
  reply: z.number(),
};
