import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Keeps the figures of a restaurant's day unless later ones are there. */
export const saveFigures: RedisScript<number> = {
  name: 'saveFigures',
  lua: `
-- KEYS[1] figures of the restaurant: hash of a date to JSON {revision, ...}
-- ARGV[1] the date
-- ARGV[2] the change of the order history that the figures are up to date with
-- ARGV[3] the figures as JSON
-- Result: 1 when they were kept, 0 when the stored ones are up to date with a later change
local current = redis.call('HGET', KEYS[1], ARGV[1])
if current then
  local readable, figures = pcall(cjson.decode, current)
  local known = readable and type(figures) == 'table' and tonumber(figures.revision)
  if known and known > tonumber(ARGV[2]) then
    return 0
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`,
  reply: z.int(),
};
