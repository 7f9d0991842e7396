import type { z } from 'zod';
import { PlatformError } from '../platform/errors.ts';

/**
 * Reads a record that was stored as JSON.
 * @throws PlatformError RECORD_CORRUPT naming the key
 */
export function parseStored<Schema extends z.ZodType>(
  schema: Schema,
  key: string,
  text: string,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw recordCorrupt(key, 'it is not JSON', cause);
  }
  return checkStored(schema, key, value);
}

/**
 * Checks a record that was put together from what is stored under a key.
 * @throws PlatformError RECORD_CORRUPT naming the key
 */
export function checkStored<Schema extends z.ZodType>(
  schema: Schema,
  key: string,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path, message }) => `${path.join('.') || 'record'}: ${message}`);
  throw recordCorrupt(key, fields.join('; '), result.error);
}

/** The error for a record that cannot be used. */
export function recordCorrupt(key: string, reason: string, cause?: unknown): PlatformError {
  return new PlatformError('RECORD_CORRUPT', `The record at ${key} is corrupt: ${reason}`, {
    details: { key },
    cause,
  });
}
