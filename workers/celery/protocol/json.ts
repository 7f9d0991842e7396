import { randomUUID } from 'node:crypto';
import { TaggedValue, type TaskValue } from './value.ts';

/** What plain JSON.parse would refuse or alter: Python's literals, long whole numbers, and kombu's tagged values. */
const beyondJson = /NaN|Infinity|\d{16}|"__type__"/;

/** Strings first, so that nothing inside one is taken for a number. */
const tokens = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Stands in front of a replaced number. Nobody can know it, so that no text of a message is taken for one. */
const marker = `${randomUUID()}:`;

/**
 * Reads JSON as Python writes it: with `NaN` and the infinities, whole numbers of any length, and values that kombu
 * tagged.
 * @throws SyntaxError
 */
export function parseTaskJson(text: string): TaskValue {
  // JSON.parse returns nothing but values of JSON.
  if (!beyondJson.test(text)) return JSON.parse(text) as TaskValue;
  const safe = text.replace(tokens, (token) => (isBeyondJson(token) ? `"${marker}${token}"` : token));
  return JSON.parse(safe, revive) as TaskValue;
}

/** Writes JSON as Python's `json` reads it. @throws TypeError for what is no value of a task */
export function stringifyTaskJson(value: TaskValue): string {
  let replaced = false;
  const text = JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'bigint' || (typeof each === 'number' && !Number.isFinite(each))) {
      replaced = true;
      return `${marker}${each}`;
    }
    return each instanceof TaggedValue ? { __type__: each.type, __value__: each.value } : each;
  });
  if (text === undefined) throw new TypeError(`${typeof value} is no value that JSON can hold`);
  return replaced ? text.replaceAll(new RegExp(`"${marker}([^"]*)"`, 'g'), '$1') : text;
}

function isBeyondJson(token: string): boolean {
  if (token.startsWith('"')) return false;
  return /^(NaN|-?Infinity)$/.test(token) || (/^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)));
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith(marker)) return numberOf(value.slice(marker.length));
  if (typeof value !== 'object' || value === null || !('__type__' in value) || !('__value__' in value))
    return value;
  const { __type__: type, __value__: inner } = value;
  // What is inside has been revived already, so that it is a value of a task.
  return typeof type === 'string' ? new TaggedValue(type, inner as TaskValue) : value;
}

function numberOf(token: string): number | bigint {
  return /^-?\d+$/.test(token) ? BigInt(token) : Number(token);
}
