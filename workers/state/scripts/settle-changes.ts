import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Forgets the changes of a restaurant's orders that were dealt with. */
export const settleChanges: RedisScript<number> = {
  name: 'settleChanges',
  lua: `
-- KEYS[1] the restaurant's changed quarters of an hour: hash of their start in ms since 1970 to the change
-- ARGV[1..] quarter and change in turn
-- Result: number of quarters that were forgotten; one with a later change stays
local forgotten = 0
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    forgotten = forgotten + redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
return forgotten
`,
  reply: z.int(),
};
