import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Enters what happened to a number of messages in the ledger. */
export const enterMessages: RedisScript<('open' | 'settled' | 'corrupt')[]> = {
  name: 'enterMessages',
  lua: `
-- KEYS[1] the accounts: hash, '<published|done|dead|dropped>:<queue>' -> count
-- KEYS[2..] one for each entry, the message: hash, queue -> open | done | dead | dropped
-- ARGV[1] life time of a message's key in seconds
-- ARGV[2..] two for each entry: what happened (published received done dead reopened dropped), and the queue
-- Result: for each entry 'open' or 'settled' as the message was before it, or 'corrupt' when its key is no hash
redis.call('HLEN', KEYS[1])
local ttl = ARGV[1]
local results = {}

local function count(account, queue, change)
  redis.call('HINCRBY', KEYS[1], account .. ':' .. queue, change)
end

for entry = 1, #KEYS - 1 do
  local key, event, queue = KEYS[entry + 1], ARGV[2 * entry], ARGV[2 * entry + 1]
  local before = redis.pcall('HGET', key, queue)
  if type(before) == 'table' then
    results[entry] = 'corrupt'
  else
    local after = before
    if not before and event ~= 'reopened' and event ~= 'dropped' then
      count('published', queue, 1)
      after = 'open'
    end
    if event == 'done' or event == 'dead' then
      if after == 'open' then
        count(event, queue, 1)
        after = event
      end
    elseif event == 'reopened' then
      if before == 'dead' then
        count('dead', queue, -1)
        after = 'open'
      end
    elseif event == 'dropped' then
      if before == 'dead' then
        count('dead', queue, -1)
      end
      if before == 'dead' or before == 'open' then
        count('dropped', queue, 1)
        after = 'dropped'
      end
    end
    if after and after ~= before then
      redis.call('HSET', key, queue, after)
    end
    if after then
      redis.call('EXPIRE', key, ttl)
    end
    results[entry] = (not before or before == 'open') and 'open' or 'settled'
  end
end
return results
`,
  reply: z.array(z.enum(['open', 'settled', 'corrupt'])),
};
