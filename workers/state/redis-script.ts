import { z } from 'zod';

/** A Lua script that Redis runs in one atomic step. Keys are always passed as KEYS. */
export interface RedisScript<Reply> {
  /** Unique among the scripts. */
  readonly name: string;
  /** The source, which starts with a comment naming keys, arguments and result. */
  readonly lua: string;
  /** Checks what the script returns and gives it a type. */
  readonly reply: z.ZodType<Reply>;
}

/** A hash as a script returns it, field and value in turn, turned into a record. */
export const hashReply = z.array(z.string()).transform((flat) => {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? '';
  return fields;
});
