import { PlatformError } from './errors.ts';

/** One field of a Celery crontab: a number, an expression such as `fri-mon` or `*\/15`, or a list of numbers. */
export type CrontabField = number | string | readonly number[];

/** The numbers that a field can have, and the names that stand for them. */
export interface FieldRange {
  /** The field's name as Celery writes it, for messages. */
  readonly field: string;
  readonly least: number;
  readonly greatest: number;
  /** Full names of the numbers from `least` on; three letters of one are enough. @default none */
  readonly names?: readonly string[];
}

/**
 * The numbers that a field stands for, rising.
 *
 * By Celery's rules (`celery.schedules.crontab_parser`): a range may wrap around (`22-2`), a step needs a range or a
 * star before it and counts from its beginning, and `?`, `L`, `5/10` and day 7 are nothing. Stricter than Celery where
 * it overlooks a slip of the pen: text after an expression, and a name in a field of plain numbers.
 *
 * @throws PlatformError PLATFORM_DECLARATION_INVALID
 */
export function parseCrontabField(value: CrontabField, range: FieldRange): readonly number[] {
  const numbers =
    typeof value === 'string'
      ? value.split(',').flatMap((part) => partOf(part, value, range))
      : [value].flat().map((number) => within(number, value, range));
  if (numbers.length === 0) throw invalid(value, range, 'it is empty');
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Every number that a field can have. */
export function fullRange({ least, greatest }: FieldRange): readonly number[] {
  return numbersBetween(least, greatest);
}

function partOf(part: string, whole: string, range: FieldRange): readonly number[] {
  if (part === '') throw invalid(whole, range, 'a part of it is empty');
  const [, star, from, to, slash, step] = /^(?:(\*)|(\w+)-(\w+))(?:(\/)(\w*))?$/.exec(part) ?? [];
  if (star === undefined && (from === undefined || to === undefined)) return [numberOf(part, whole, range)];
  const numbers =
    from === undefined || to === undefined
      ? fullRange(range)
      : spanOf(numberOf(from, whole, range), numberOf(to, whole, range), range);
  if (slash === undefined) return numbers;
  if (!/^\d+$/.test(step ?? '') || Number(step) === 0)
    throw invalid(whole, range, 'a step must be a number from 1');
  return numbers.filter((_, index) => index % Number(step) === 0);
}

/** A range that ends before it begins goes on from the least number. */
function spanOf(from: number, to: number, { least, greatest }: FieldRange): readonly number[] {
  if (from <= to) return numbersBetween(from, to);
  return [...numbersBetween(from, greatest), ...numbersBetween(least, to)];
}

function numbersBetween(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function numberOf(text: string, whole: string, range: FieldRange): number {
  if (/^ *\d+ *$/.test(text)) return within(Number(text), whole, range);
  const index = (range.names ?? []).findIndex(
    (name) => text.length >= 3 && name.startsWith(text.toLowerCase()),
  );
  if (index >= 0) return range.least + index;
  throw invalid(whole, range, `${JSON.stringify(text)} is neither a number nor a name that it knows`);
}

function within(number: number, value: CrontabField, range: FieldRange): number {
  const { least, greatest } = range;
  if (Number.isInteger(number) && number >= least && number <= greatest) return number;
  throw invalid(value, range, `numbers go from ${least} to ${greatest}`);
}

function invalid(value: CrontabField, { field }: FieldRange, why: string): PlatformError {
  return new PlatformError('PLATFORM_DECLARATION_INVALID', `${field} ${JSON.stringify(value)}: ${why}`);
}
