import { TaskError } from '../../../workers/celery/protocol/exception.ts';
import type { TaskValue } from '../../../workers/celery/protocol/value.ts';

/** What Python's `+` does, as far as JSON has its values. */
export function plus(left: TaskValue, right: TaskValue): TaskValue {
  if (isList(left) && isList(right)) return [...left, ...right];
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  return numberIn(left, right, '+') + numberIn(right, left, '+');
}

/** What Python's `*` does to numbers. */
export function times(left: TaskValue, right: TaskValue): TaskValue {
  return numberIn(left, right, '*') * numberIn(right, left, '*');
}

/** What Python's `sum` does; it starts with 0, so that a list among the values is an error. */
export function sum(values: TaskValue): TaskValue {
  return itemsOf(values).reduce<TaskValue>(plus, 0);
}

/** @throws TaskError TypeError for what cannot be iterated */
export function itemsOf(value: TaskValue): readonly TaskValue[] {
  if (isList(value)) return value;
  throw new TaskError('TypeError', [`'${typeName(value)}' object is not iterable`], 'builtins');
}

export function isList(value: TaskValue): value is readonly TaskValue[] {
  return Array.isArray(value);
}

function numberIn(value: TaskValue, other: TaskValue, operator: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  const types = `'${typeName(value)}' and '${typeName(other)}'`;
  throw new TaskError('TypeError', [`unsupported operand type(s) for ${operator}: ${types}`], 'builtins');
}

function typeName(value: TaskValue): string {
  if (value === null) return 'NoneType';
  if (isList(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'string') return 'str';
  return typeof value === 'boolean' ? 'bool' : 'dict';
}
