import { TaskError } from '../protocol/exception.ts';
import { TaggedValue, type TaskValue } from '../protocol/value.ts';

export function numberOf(value: TaskValue | undefined): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/**
 * A point in time: seconds from now, or ISO 8601, as a text or as kombu tags it; without an offset it is UTC.
 * @throws TaskError ValueError for anything else
 */
export function timeOf(value: TaskValue | undefined): Date | undefined {
  const plain = value instanceof TaggedValue ? value.value : value;
  if (plain === null || plain === undefined) return undefined;
  const seconds = numberOf(plain);
  if (seconds !== undefined) return new Date(Date.now() + seconds * 1000);
  const text = String(plain);
  const hasOffset = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const time = new Date(hasOffset ? text : `${text}Z`);
  if (Number.isNaN(time.getTime())) throw new TaskError('ValueError', [`invalid time: ${text}`], 'builtins');
  return time;
}
