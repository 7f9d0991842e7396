import { TaggedValue, type TaskValue } from './value.ts';

/** Length after which a text is cut, in characters, as in Celery (`argsrepr_maxsize`). */
const longest = 1024;

/** Lists and mappings inside each other below which only `...` is shown. */
const deepest = 100;

/**
 * What Python's `repr` says of a value that arrives there as JSON: monitors of Celery show it as it is.
 * A longer text is cut and ends in `...`.
 */
export function pythonRepr(value: TaskValue): string {
  const characters = [...reprOf(value)];
  return characters.length <= longest ? characters.join('') : `${characters.slice(0, longest).join('')}...`;
}

function reprOf(value: TaskValue, depth = 0): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return reprOfNumber(value);
    case 'bigint':
      return value.toString();
    case 'string':
      return reprOfString(value);
    default:
      return depth < deepest ? reprOfObject(value, depth + 1) : '...';
  }
}

function reprOfObject(value: object & TaskValue, depth: number): string {
  if (isList(value)) return `[${value.map((each) => reprOf(each, depth)).join(', ')}]`;
  if (value instanceof TaggedValue)
    return `${constructors[value.type] ?? value.type}(${reprOf(value.value, depth)})`;
  const entries = Object.entries(value).map(([key, each]) => `${reprOfString(key)}: ${reprOf(each, depth)}`);
  return `{${entries.join(', ')}}`;
}

/** Python's own classes of kombu's tags, where the names differ. */
const constructors: Readonly<Record<string, string>> = { decimal: 'Decimal', uuid: 'UUID', base64: 'bytes' };

function isList(value: TaskValue): value is readonly TaskValue[] {
  return Array.isArray(value);
}

/** Python turns to an exponent of two digits below 0.0001; a whole number is what JSON writes. */
function reprOfNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value)) return JSON.stringify(value);
  const text = Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
function reprOfString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = [...text].map((character) => {
    if (character === quote || character === '\\') return `\\${character}`;
    return character !== ' ' && unprintable.test(character) ? escapeOf(character) : character;
  });
  return `${quote}${escaped.join('')}${quote}`;
}

/** Everything that Python does not count as printable: control, format, unassigned and separating characters. */
const unprintable = /^[\p{C}\p{Z}]$/u;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const point = character.codePointAt(0) ?? 0;
  const [letter, digits] = point < 0x100 ? ['x', 2] : point < 0x1_00_00 ? ['u', 4] : ['U', 8];
  return `\\${letter}${point.toString(16).padStart(digits, '0')}`;
}
