import { TaggedValue, type TaskValue } from '../protocol/value.ts';

/**
 * Arguments as a schema wants them: Python's times, decimals and UUIDs become the texts that older clients of Celery
 * send for them anyway (kombu before 5.3), and bytes become base64. A task sees the same whoever called it.
 */
export function plainArgument(value: TaskValue): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof TaggedValue) return plainTagged(value);
  if (Array.isArray(value)) return value.map(plainArgument);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainArgument(each)]));
}

function plainTagged({ type, value }: TaggedValue): unknown {
  if (type !== 'uuid') return plainArgument(value);
  const hex: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'hex') : value;
  const parts = typeof hex === 'string' ? /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex) : null;
  return parts === null ? hex : parts.slice(1).join('-');
}
