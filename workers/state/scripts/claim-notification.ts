import { z } from 'zod';
import type { RedisScript } from '../redis-script.ts';

/** Lets one sender at a time send a notification that was not sent. */
export const claimNotification: RedisScript<'claimed' | 'sent' | 'under way'> = {
  name: 'claimNotification',
  lua: `
-- KEYS[1] the notification: string, when it was sent or 'claimed:<token>' while somebody sends it
-- ARGV[1] the value of the claim: 'claimed:<token>'
-- ARGV[2] how long the claim lives, in ms
-- Result: 'claimed' | 'sent' | 'under way'
local known = redis.call('GET', KEYS[1])
if known then
  return string.sub(known, 1, 8) == 'claimed:' and 'under way' or 'sent'
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'claimed'
`,
  reply: z.enum(['claimed', 'sent', 'under way']),
};
