import type { z } from 'zod';
import type { Layer } from '../delivery.ts';
import { schemaProblems } from '../schema-problems.ts';

/** Lets only payloads pass that fit the queue's schema; others go to the dead-letter queue. */
export function validate(schema: z.ZodType): Layer {
  return (next) => async (delivery) => {
    const parsed = schema.safeParse(delivery.payload);
    if (parsed.success) return next({ ...delivery, payload: parsed.data });
    const reason = schemaProblems(parsed.error).join('; ');
    return { kind: 'dead', code: 'MESSAGE_SCHEMA_INVALID', reason, error: parsed.error };
  };
}
