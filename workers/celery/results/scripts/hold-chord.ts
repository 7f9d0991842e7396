import { z } from 'zod';
import type { RedisScript } from '../../../state/redis-script.ts';

/** Keeps a claim on a chord, or takes it again where it ran out and nobody else has it (Celery 5.7 does the same). */
export const holdChord: RedisScript<number> = {
  name: 'holdChord',
  lua: `
-- KEYS[1] who settles the chord: string
-- KEYS[2] how many parts it has; gone once it is settled: string
-- ARGV[1] the caller's claim
-- ARGV[2] seconds that it holds from now
-- Result: 1, or 0 when the chord is another's or is settled
local claim = redis.call('GET', KEYS[1])
if claim == ARGV[1] or (not claim and redis.call('EXISTS', KEYS[2]) == 1) then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
  return 1
end
return 0
`,
  reply: z.number(),
};
