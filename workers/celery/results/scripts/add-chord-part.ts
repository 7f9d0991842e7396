import { z } from 'zod';
import type { RedisScript } from '../../../state/redis-script.ts';

/** Stands among the parts that were entered when a chord is settled; no part has it. */
export const closedMember = '';

/** What the first element of the reply says. */
export const chordClaimed = 'claimed';
export const chordTaken = 'taken';

/**
 * Enters a part of a chord and hands over all of them once the header is complete, to one caller at a time: who has them
 * holds a claim, which ends by itself if that one dies. A part that ran twice counts with its first result. Parts and
 * claims are written as Celery 5.7 writes them, whose workers may run parts of the same chord; 5.2 knows neither.
 */
export const addChordPart: RedisScript<readonly string[]> = {
  name: 'addChordPart',
  lua: `
-- KEYS[1] the parts: sorted set by their place in the group
-- KEYS[2] how many the header had when it was sent: string
-- KEYS[3] how many were added since: string
-- KEYS[4] which parts were entered, by id and place: set
-- KEYS[5] who settles the chord: string, 'done' once its body is sent
-- ARGV[1] the part's place, or +inf
-- ARGV[2] the part as Celery writes it
-- ARGV[3] the part's id
-- ARGV[4] seconds that they are kept, 0 for ever
-- ARGV[5] a claim of the caller's own
-- ARGV[6] seconds that the claim holds
-- Result: 'claimed' and all parts in their order once they are complete, 'taken' where another has claimed them,
-- otherwise nothing, also for a chord that is settled
local claim = redis.call('GET', KEYS[5])
local size = redis.call('GET', KEYS[2])
if claim == 'done' and not size then
  return {}
end
if redis.call('SISMEMBER', KEYS[4], '${closedMember}') == 1 then
  return {}
end
if redis.call('SADD', KEYS[4], ARGV[3] .. ':' .. ARGV[1]) == 1 then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
end
if tonumber(ARGV[4]) > 0 then
  for key = 1, 4 do
    redis.call('EXPIRE', KEYS[key], ARGV[4])
  end
end
if not size then
  return {}
end
local wanted = tonumber(size) + tonumber(redis.call('GET', KEYS[3]) or '0')
if redis.call('ZCARD', KEYS[1]) ~= wanted then
  return {}
end
-- A size beside 'done' is that of a new run, sent by a client that knows no claims
if claim and claim ~= 'done' then
  return {'${chordTaken}'}
end
redis.call('SET', KEYS[5], ARGV[5], 'EX', ARGV[6])
local reply = redis.call('ZRANGE', KEYS[1], 0, -1)
table.insert(reply, 1, '${chordClaimed}')
return reply
`,
  reply: z.array(z.string()),
};
