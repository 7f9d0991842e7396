import { z } from 'zod';
import type { RedisScript } from '../../../state/redis-script.ts';

/** Removes what counted a chord, and the claim on it, unless another has claimed it since. */
export const forgetChord: RedisScript<number> = {
  name: 'forgetChord',
  lua: `
-- KEYS[1] who settles the chord: string
-- KEYS[2..] all else that is kept of it
-- ARGV[1] the caller's claim
-- Result: how many keys were removed
local claim = redis.call('GET', KEYS[1])
if claim and claim ~= ARGV[1] then
  return 0
end
return redis.call('DEL', unpack(KEYS))
`,
  reply: z.number(),
};
