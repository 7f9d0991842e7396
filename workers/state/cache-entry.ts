import type { z } from 'zod';

/** The text a cache stores for a value, or for the knowledge that there is none. */
export function cacheEntry(value: unknown): string {
  return JSON.stringify(value === undefined ? { missing: true } : { value });
}

/**
 * Reads a cache entry.
 * @returns `undefined` for a text that is no entry or whose value does not have the shape of the schema
 */
export function readCacheEntry<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
): { readonly value: z.output<Schema> | undefined } | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof entry !== 'object' || entry === null) return undefined;
  if ('missing' in entry) return { value: undefined };
  const parsed = schema.safeParse('value' in entry ? entry.value : undefined);
  return parsed.success ? { value: parsed.data } : undefined;
}
