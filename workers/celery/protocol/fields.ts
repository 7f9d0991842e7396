import type { Signature, SubtaskType } from './signature.ts';
import { type Kwargs, TaggedValue, type TaskValue } from './value.ts';

/** A part of a message that is not what the protocol says. */
export class FieldError extends Error {}

/** A mapping of names, such as named arguments. */
export function isMapping(value: TaskValue | undefined): value is Kwargs {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof TaggedValue)
  );
}

export function isList(value: TaskValue | undefined): value is readonly TaskValue[] {
  return Array.isArray(value);
}

/** A value of an AMQP table as a value of a task; bytes are text, and a time is seconds since 1970. */
export function fieldValue(value: unknown): TaskValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return value;
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  if (Array.isArray(value)) return value.map(fieldValue);
  if (typeof value !== 'object') return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fieldValue(each)]));
}

export function textOf(value: TaskValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: TaskValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/**
 * ISO 8601; a time without an offset is in UTC, Celery's default.
 * @throws FieldError
 */
export function timeOf(name: string, value: TaskValue | undefined): Date | undefined {
  if (value === null || value === undefined) return undefined;
  const text = value instanceof TaggedValue ? value.value : value;
  const time = typeof text === 'number' ? new Date(text * 1000) : isoTimeOf(text);
  if (time === undefined || Number.isNaN(time.getTime()))
    throw new FieldError(`${name} is no time of ISO 8601`);
  return time;
}

function isoTimeOf(text: TaskValue): Date | undefined {
  const parts = typeof text === 'string' ? isoTime.exec(text) : null;
  return parts === null ? undefined : new Date(`${parts[1]}T${parts[2] ?? '00:00'}${parts[3] ?? 'Z'}`);
}

const isoTime = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?)?$/;

/** @throws FieldError for what is no list of signatures */
export function signaturesOf(name: string, value: TaskValue | undefined): readonly Signature[] {
  if (value === null || value === undefined) return [];
  const list = isList(value) ? value : [value];
  return list.map((each) => {
    const signature = signatureOf(each);
    if (signature === undefined) throw new FieldError(`${name} holds what is no signature`);
    return signature;
  });
}

/** A signature with all its parts; undefined for anything else. */
export function signatureOf(value: TaskValue | undefined): Signature | undefined {
  if (!isMapping(value)) return undefined;
  const { task, args, kwargs, options, immutable, subtask_type: kind } = value;
  if (typeof task !== 'string') return undefined;
  return {
    task,
    args: isList(args) ? args : [],
    kwargs: isMapping(kwargs) ? kwargs : {},
    options: isMapping(options) ? options : {},
    subtask_type: isSubtaskType(kind) ? kind : null,
    immutable: immutable === true,
  };
}

const subtaskTypes: readonly string[] = ['chain', 'group', 'chord', 'chunks', 'xmap', 'xstarmap'];

function isSubtaskType(value: TaskValue | undefined): value is SubtaskType {
  return typeof value === 'string' && subtaskTypes.includes(value);
}
